import { join } from 'node:path';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { openAdminStore } from '#apps/admin';
import { openFfStore } from '#apps/ff';
import { ApprovalStore, FileApprovalStore, SeedApprovalsHandler } from '#libs/approvals';
import { FileFlagStore, FileOverrideStore, FlagStore, OverrideStore, SeedFlagsHandler } from '#libs/flags';
import type { Instant } from '#libs/kernel';
import { Dispatcher, DispatchModule, Log, NestLog, type Ambient } from '#libs/platform';
import { Ends } from './ends.ts';
import { Seeds } from './seeds.ts';

export interface SeedFolderParts {
  readonly fixtures: string;
  /** What the fixtures' `reference_time` becomes; null: now. */
  readonly reference: Instant | null;
  readonly ambient: Ambient;
  readonly log: Log;
}

export interface SeededFolder {
  readonly flags: number;
  readonly overrides: number;
  readonly approvals: number;
}

/** Seeds a data folder by the very commands that a start would; nothing listens. @throws PttError `folder_locked` */
export async function seedFolder(dataDir: string, parts: SeedFolderParts): Promise<SeededFolder> {
  const { ambient, log } = parts;
  const ends = new Ends(log);
  try {
    const seeds = new Seeds(parts.fixtures, ambient.ids, parts.reference);
    await seeds.matrix(join(dataDir, 'admin'));
    const admin = await openAdminStore(dataDir, ambient, log);
    ends.add(() => admin.files.close());
    const ff = await openFfStore(dataDir, ambient, log);
    ends.add(() => ff.files.close());
    const context = await NestFactory.createApplicationContext(
      SeedingModule.with(log, [
        { provide: ApprovalStore, useValue: new FileApprovalStore(admin.files, ambient.clock) },
        { provide: FlagStore, useValue: new FileFlagStore(ff.files, ff.edits) },
        { provide: OverrideStore, useValue: new FileOverrideStore(ff.files) },
      ]),
      { logger: new NestLog(log), abortOnError: false },
    );
    ends.add(() => context.close());
    const dispatcher = context.get(Dispatcher);
    const { added } = await seeds.admin(dispatcher, ambient.clock.now());
    return { ...(await seeds.ff(dispatcher, ambient.clock.now())), approvals: added };
  } finally {
    await ends.run();
  }
}

@Module({})
class SeedingModule {
  static with(log: Log, stores: readonly Provider[]): DynamicModule {
    return {
      module: SeedingModule,
      imports: [LogModule.with(log), DispatchModule],
      providers: [...stores, SeedFlagsHandler, SeedApprovalsHandler],
    };
  }
}

@Module({})
class LogModule {
  static with(log: Log): DynamicModule {
    return { module: LogModule, global: true, providers: [{ provide: Log, useValue: log }], exports: [Log] };
  }
}
