import type { OutageFigures, SimulationReport } from '@muster/simulator';
import type { Paint } from '../../terminal/paint.js';
import { tableLines } from '../../terminal/table.js';
import { counted } from '../../terminal/words.js';
import { columnChart } from './column-chart.js';

const HOURS_A_DAY = 24;
const CHART_WIDTH = 73;
const CHART_HEIGHT = 6;
/** The chart around an outage: a day before it, and the week after it that is judged. */
const DAYS_BEFORE = 1;
const DAYS_AFTER = 7;

const whole = (value: number): string => value.toLocaleString('en-US');

const days = (value: number | null): string => (value === null ? 'none' : value.toFixed(2));

const hostLines = ({ hosts }: SimulationReport): readonly string[] =>
  tableLines(
    [
      { title: 'host', cell: ({ host }) => host },
      { title: 'pool', cell: ({ pool }) => pool },
      { title: 'physical', cell: ({ physical }) => whole(physical), right: true },
      { title: 'virtual', cell: ({ virtual }) => whole(virtual), right: true },
      { title: 'running', cell: ({ leases }) => whole(leases.running), right: true },
      { title: 'expired', cell: ({ leases }) => whole(leases.expired), right: true },
      { title: 'released', cell: ({ leases }) => whole(leases.released), right: true },
      { title: 'events', cell: ({ events }) => whole(events), right: true },
    ],
    hosts.flatMap(({ pools, ...host }) => pools.map((pool) => ({ ...host, ...pool }))),
  );

const requestLines = ({ requests }: SimulationReport): readonly string[] =>
  tableLines(
    [
      { title: 'requests', cell: ([name]) => name },
      { title: '', cell: ([, value]) => whole(value), right: true },
    ],
    [
      ['activations granted', requests.activationsGranted],
      ['activations deferred', requests.activationsDeferred],
      ['renewals granted', requests.renewalsGranted],
      ['renewals deferred', requests.renewalsDeferred],
      ['told to return on another day', requests.sentAway],
      ['refused', requests.refused],
      ['without an answer', requests.unanswered],
    ] as const,
  );

const lifeLine = ({ machines, licences, lives }: SimulationReport): string => {
  const states = Object.entries(licences).filter(([, count]) => count > 0);
  return `${counted(machines, 'machine')}: ${states.map(([state, count]) => `${whole(count)} ${state}`).join(', ')}. ${whole(lives.reimaged)} were re-imaged, ${whole(lives.recovered)} recovered after their lease had run out.`;
};

const checkLines = ({ checks, steps }: SimulationReport): readonly string[] => [
  `${counted(steps, 'step')}, and after each: ${whole(checks.countsCompared)} counts equal their recount (${whole(checks.literalRecounts)} times the whole log was read again);`,
  `${whole(checks.grantsChecked)} grants, none below its threshold; every machine that reached a host recovered;`,
  `${whole(checks.punctualLeases)} leases of punctual machines, never less than ${days(checks.punctualLeastDaysLeft)} days left; of others in reach never less than ${days(checks.presentLeastDaysLeft)}.`,
];

const outageLines = ({ hourly }: SimulationReport, outage: OutageFigures): readonly string[] => {
  const { fromHour, toHour, peakAnHour, meanAnHour, peakToMean, leastDaysLeft } = outage;
  const firstHour = Math.max(0, fromHour - DAYS_BEFORE * HOURS_A_DAY);
  const around = hourly.renewalsGranted.slice(firstHour, toHour + DAYS_AFTER * HOURS_A_DAY);
  return [
    `All hosts were down from hour ${fromHour} to hour ${toHour}. In the week after it ${whole(peakAnHour)} renewals were granted in the busiest hour, ${meanAnHour.toFixed(1)} in the mean hour:`,
    `${peakToMean === null ? 'no ratio' : `${peakToMean.toFixed(2)} times the mean`}. No machine in reach had less than ${days(leastDaysLeft)} days left.`,
    '',
    ...columnChart(around, { title: 'renewals granted an hour, around the outage', widthMax: CHART_WIDTH, height: CHART_HEIGHT, from: `hour ${firstHour}`, to: `hour ${firstHour + around.length}` }),
    '',
  ];
};

/** A run for people: charts first, then the figures. */
export const reportLines = (report: SimulationReport, paint: Paint): readonly string[] => {
  const chart = { widthMax: CHART_WIDTH, height: CHART_HEIGHT, from: 'day 0', to: `day ${report.days}` };
  return [
    ...columnChart(report.hourly.requests, { ...chart, title: 'requests an hour (the busiest hour of each column)' }),
    '',
    ...report.outages.flatMap((outage) => outageLines(report, outage)),
    ...hostLines(report),
    '',
    ...requestLines(report),
    '',
    lifeLine(report),
    '',
    ...checkLines(report).map((line) => paint('green', line)),
  ];
};
