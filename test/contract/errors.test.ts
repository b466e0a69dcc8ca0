import { describe, expect, it } from '@jest/globals';
import { ERROR_TYPE_BASE, ERRORS } from '#libs/contracts';
import { ERROR_CODES } from '#libs/kernel';
import { objectOf, readObject } from './contract-files.ts';

const contract = readObject('contracts/errors.json');
const codes = objectOf(contract, 'codes');

describe('contracts/errors.json', () => {
  it('lists the kernel’s codes in their order', () => {
    expect(Object.keys(codes)).toEqual([...ERROR_CODES]);
  });

  it('gives each code the face that the services show', () => {
    expect(ERRORS).toEqual(codes);
    expect(ERROR_TYPE_BASE).toBe(contract['type_base']);
  });

  it('maps to statuses of errors, with one title a code', () => {
    const faces = Object.values(ERRORS);
    expect(faces.filter(({ status }) => status < 400 || status > 599)).toEqual([]);
    expect(new Set(faces.map(({ title }) => title)).size).toBe(faces.length);
  });
});
