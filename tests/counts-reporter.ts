/** Ends a test run with the one line that continuous integration reads: `N passed, N failed`. */
import type { Reporter, TestModule } from 'vitest/node';

export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number =>
      tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const skipped = count('skipped');
    const counts = `${count('passed')} passed, ${count('failed') + broken} failed`;
    // After the default reporter's own summary.
    process.on('exit', () => console.log(skipped > 0 ? `${counts}, ${skipped} skipped` : counts));
  }
}
