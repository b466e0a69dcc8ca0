// Gathers by planted fault how many of its class's own tests ran, and which of them noticed it.
import { writeFileSync } from 'node:fs';

export default class ByBug {
  #found = {};
  #file;

  constructor(_config, { file }) {
    this.#file = file;
  }

  onTestResult({ context }, { testResults, numPassingTests, testExecError }) {
    const id = context.config.displayName.name;
    const found = (this.#found[id] ??= { passed: 0, failed: [] });
    found.passed += numPassingTests;
    if (testExecError !== undefined) found.failed.push(testExecError.message);
    for (const { status, fullName } of testResults) if (status === 'failed') found.failed.push(fullName);
    // After each file, so that a run that is cut short tells what it knows.
    writeFileSync(this.#file, JSON.stringify(this.#found));
  }
}
