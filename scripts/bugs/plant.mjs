// Runs in each test file, before its tests: plants the fault that its run is about (scripts/bugs/own-tests.mjs).
const { area, id } = globalThis.PTT_BUG;
const { BUGS } = await import(`../../libs/sim/src/bugs/${area}.ts`);
BUGS.find((bug) => bug.id === id).plant();
