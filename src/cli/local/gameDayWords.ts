import type { GameDay, Step } from '../../local/gameDay/gameDay.ts';
import { shellWord } from '../../local/shellWord.ts';
import { renderTable } from '../report/table.ts';

export const gameDayList = (gameDays: readonly GameDay[]): string[] =>
  renderTable(
    [{ heading: 'GAME DAY' }, { heading: 'WHAT HAPPENS' }],
    gameDays.map(({ rule, breaks }) => [{ text: rule }, { text: breaks }]),
    (text) => text,
  );

/** How a step is carried out in a second terminal. @param place of the step, from 1 */
const commandOf = (step: Step, place: number, folder: string): string => {
  if ('run' in step) {
    const [name, ...args] = step.run;
    const input = step.input === undefined ? '' : ` < ${shellWord(step.input)}`;
    return `npm run ${name} -- ${['--local', folder, ...args].map(shellWord).join(' ')}${input}`;
  }
  if ('program' in step)
    return `node --env-file=${shellWord(`${folder}/programs/${step.program}.env`)} samples/program.mjs`;
  const [option, value] = 'minutes' in step ? ['--ahead', step.minutes] : ['--outside', place];
  return `npm start -- ${option} ${value} --data ${shellWord(folder)}`;
};

/** A step of the runbook, with the command that works on this machine. */
export const stepLines = (step: Step, place: number, folder: string): string[] => [
  `  ${place}. ${step.says}:`,
  ...('inAzure' in step ? [`     in Azure  ${step.inAzure}`] : []),
  `     ${'inAzure' in step ? 'here      ' : ''}${commandOf(step, place, folder)}`,
];
