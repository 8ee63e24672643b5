/** Charts for pages. What draws them is loaded when the first one is seen, and a place as high is kept till then. */
import { Skeleton } from '@mantine/core';
import { type ComponentType, lazy, Suspense } from 'react';
import type { BarsProps, CurveProps, DonutProps, LinesProps, ScatterProps } from './chart-types.ts';

const drawings = () => import('./drawings.tsx');

function drawn<P extends { readonly height: number }>(load: () => Promise<ComponentType<P>>) {
  const Drawing = lazy(async () => ({ default: await load() })) as unknown as ComponentType<P>;
  return function Chart(props: P) {
    return (
      <Suspense fallback={<Skeleton height={props.height} aria-busy />}>
        <Drawing {...props} />
      </Suspense>
    );
  };
}

export const Bars = drawn<BarsProps>(async () => (await drawings()).Bars);
export const Donut = drawn<DonutProps>(async () => (await drawings()).Donut);
export const Lines = drawn<LinesProps>(async () => (await drawings()).Lines);
export const Scatter = drawn<ScatterProps>(async () => (await drawings()).Scatter);
export const Curve = drawn<CurveProps>(async () => (await drawings()).Curve);
