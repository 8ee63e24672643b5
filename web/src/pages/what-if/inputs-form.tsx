import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Facts, FeatureFacts } from '../../../../src/desk/contract.ts';
import { capital } from '../../ui/words.ts';
import { InputField } from './input-field.tsx';
import { grouped, type Inputs, inputText } from './inputs.ts';
import type { Draft } from './what-if-address.ts';
import classes from './what-if.module.css';

export interface InputsFormProps {
  readonly facts: Facts;
  readonly start: Inputs;
  readonly draft: Draft;
  readonly changes: Draft;
  /** By feature. */
  readonly problems: Readonly<Record<string, string>>;
  /** Features whose category no training row had. */
  readonly unseen: readonly string[];
  /** Of nobody: there are no facts that could be locked. */
  readonly isBlank: boolean;
  readonly isUnfolded: boolean;
  readonly onUnfold: (isUnfolded: boolean) => void;
  readonly onInput: (name: string, text: string) => void;
  readonly onReset: (name: string) => void;
  readonly onResetAll: () => void;
}

/** The inputs by group: the main ones, and the others folded away. */
export function InputsForm(props: InputsFormProps) {
  const { facts, changes, isUnfolded, onUnfold, onResetAll } = props;
  const main = facts.features.filter(({ is_main: isMain }) => isMain);
  const others = facts.features.filter(({ is_main: isMain }) => !isMain);
  const changed = Object.keys(changes).length;
  const changedBelow = others.filter(({ name }) => name in changes).length;
  return (
    <Paper component="section" aria-labelledby="inputs-title" withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id="inputs-title">
            Inputs
          </Title>
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {changed === 0 ? 'none changed' : `${String(changed)} changed`}
            </Text>
            <Button size="xs" variant="default" disabled={changed === 0} onClick={onResetAll}>
              Reset all
            </Button>
          </Group>
        </Group>
        <Groups {...props} features={main} />
        {others.length === 0 ? null : (
          <details
            open={isUnfolded}
            onToggle={(event) => {
              if (event.currentTarget.open !== isUnfolded) onUnfold(event.currentTarget.open);
            }}
          >
            <summary className={classes['more'] ?? ''}>
              More inputs ({others.length}
              {changedBelow === 0 ? '' : `, ${String(changedBelow)} changed`})
            </summary>
            {isUnfolded ? <Groups {...props} features={others} /> : null}
          </details>
        )}
      </Stack>
    </Paper>
  );
}

function Groups(props: InputsFormProps & { readonly features: readonly FeatureFacts[] }) {
  const { features, start, draft, changes, problems, unseen, isBlank, onInput, onReset } = props;
  return (
    <div className={classes['groups']}>
      {grouped(features).map(({ group, features: members }) => (
        <fieldset key={group} className={classes['group']}>
          <legend>{groupText(group)}</legend>
          {members.map((feature) => {
            const { name } = feature;
            const startText = inputText(start[name]);
            return (
              <InputField
                key={name}
                feature={feature}
                text={draft[name] ?? startText}
                startText={startText}
                isChanged={name in changes}
                problem={problems[name]}
                isUnseen={unseen.includes(name)}
                isLocked={feature.is_frozen && !isBlank}
                onInput={onInput}
                onReset={onReset}
              />
            );
          })}
        </fieldset>
      ))}
    </div>
  );
}

/** Groups are named in small letters, as the pack writes them. */
const groupText = (group: string): string => capital(group).replaceAll('_', ' ');
