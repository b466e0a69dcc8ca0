import { FlagMachine } from '../testing/flag-machine.ts';
import { storesContract, type StoresUnderTest } from '../testing/store-contract.ts';

storesContract('files', () => openOn(new FlagMachine()));

async function openOn(machine: FlagMachine): Promise<StoresUnderTest> {
  const files = await machine.open();
  return {
    flags: files.flags,
    overrides: files.overrides,
    reopen: async () => {
      await files.close();
      return openOn(machine);
    },
    close: () => files.close(),
  };
}
