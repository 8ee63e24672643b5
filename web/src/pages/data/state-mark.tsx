import classes from './data.module.css';

/** Shapes beside words: colour alone says nothing. */
const SHAPES = { fine: '✓', watch: '▲', bad: '✕' } as const;

export interface StateMarkProps {
  readonly state: keyof typeof SHAPES;
  readonly children: string;
}

export function StateMark({ state, children }: StateMarkProps) {
  return (
    <span className={classes['mark']} data-state={state}>
      <span aria-hidden="true">{SHAPES[state]}</span> {children}
    </span>
  );
}
