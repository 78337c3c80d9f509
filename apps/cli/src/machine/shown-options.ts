import { readFileSync } from 'node:fs';
import type { MachineOptions as SdkOptions } from '@muster/client';
import { ACPI_TABLES_DIRECTORY, readFirmwareEvidence } from '@muster/client';
import { isEnrolmentToken } from '@muster/trust';
import { CliFailure } from '../failure/cli-failure.js';

/** What the command line says that a machine shows besides who it is. */
export interface ShownOptions {
  /** The directory of the firmware's tables; true for the system's own. */
  readonly evidence?: string | true;
  readonly enrolment?: string;
}

const enrolmentToken = ({ enrolment }: ShownOptions): string | undefined => {
  if (enrolment !== undefined) return enrolment;
  const { MUSTER_ENROLMENT_TOKEN: value, MUSTER_ENROLMENT_TOKEN_FILE: file } = process.env;
  if (value) return value;
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliFailure('authentication', `The enrolment token cannot be read from ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}.`, { cause: error });
  }
};

/** The SDK's options for it. @throws CliFailure when what is given as an enrolment token is none */
export const shownOf = (options: ShownOptions): Pick<SdkOptions, 'evidence' | 'enrolment'> => {
  const enrolment = enrolmentToken(options);
  if (enrolment !== undefined && !isEnrolmentToken(enrolment)) {
    throw new CliFailure('usage', 'What was given is no enrolment token: it begins with muster_enrol_ and has 43 more characters.', { remedy: 'Ask your administrator for one (`muster enrolment create`).' });
  }
  const { evidence } = options;
  const directory = evidence === true ? ACPI_TABLES_DIRECTORY : evidence;
  return { ...(enrolment === undefined ? {} : { enrolment }), ...(directory === undefined ? {} : { evidence: () => readFirmwareEvidence(directory) }) };
};
