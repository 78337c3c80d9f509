/**
 * Lints texts as if they stood in files of this repository, without writing any: what the boundary spec asks of ESLint.
 * Reads `[{ filePath, text }]` on standard input; prints, in the same order, `[[{ ruleId, line, message }]]`.
 */
import { text as readAll } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const repository = new URL('..', import.meta.url).pathname;
const eslint = new ESLint({ cwd: repository });
const answers = [];
for (const { filePath, text } of JSON.parse(await readAll(process.stdin))) {
  const [result] = await eslint.lintText(text, { filePath });
  answers.push(result.messages.map(({ ruleId, line, message }) => ({ ruleId, line, message })));
}
process.stdout.write(JSON.stringify(answers));
