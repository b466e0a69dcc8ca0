import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { NodeProcesses } from './index.ts';

const processes = new NodeProcesses();

describe('processes of this machine', () => {
  it('know themselves', () => {
    const self = processes.self();
    expect(self.pid).toBe(process.pid);
    expect(processes.isAlive(self)).toBe(true);
    expect(new NodeProcesses().self()).toEqual(self);
  });

  it('are not those that had the number before', () => {
    const { pid, incarnation } = processes.self();
    expect(incarnation).toMatch(/^[0-9a-f-]{36}:\d+$/);
    expect(processes.isAlive({ pid, incarnation: `${incarnation}0` })).toBe(false);
    expect(processes.isAlive({ pid, incarnation: 'other-boot:1' })).toBe(false);
  });

  it('are told by the number alone where nothing else is known', () => {
    expect(processes.isAlive({ pid: process.pid, incarnation: null })).toBe(true);
    expect(processes.isAlive({ pid: 1, incarnation: null })).toBe(true);
    expect(processes.isAlive({ pid: 2 ** 30, incarnation: null })).toBe(false);
  });

  it('are gone once they ended', async () => {
    const child = spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' });
    const pid = Number(child.pid);
    await once(child, 'exit');
    expect(processes.isAlive({ pid, incarnation: null })).toBe(false);
  });
});
