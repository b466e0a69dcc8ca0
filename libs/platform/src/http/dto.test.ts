import { describe, expect, it } from '@jest/globals';
import { IsNumber, IsString, ValidateNested } from 'class-validator';
import { assert, jsonValue, property } from 'fast-check';
import { PttError } from '#libs/kernel';
import { validateBody } from './dto.ts';

class Inner {
  @IsString()
  name!: string;
}

class Untyped {
  @ValidateNested()
  inner!: Inner;
}

class Numbered {
  @IsNumber()
  count!: number;
}

class Bare {
  name!: string;
}

const META = { type: 'body' } as const;

function refusalOf(run: () => unknown): PttError {
  try {
    run();
  } catch (error) {
    if (error instanceof PttError) return error;
  }
  throw new Error('nothing was refused');
}

describe('a class that describes what comes in', () => {
  it('is refused at once when it has no rules', () => {
    expect(() => validateBody(Bare)).toThrow('Bare has no class-validator rules');
    expect(() => validateBody(Object)).toThrow('Object has no class-validator rules');
  });

  it('never drops a nested object in silence, though its type was forgotten', () => {
    const pipe = validateBody(Untyped);
    expect(refusalOf(() => pipe.transform({ inner: { name: 'a' } }, META))).toMatchObject({ pointer: '#/inner' });
  });

  it('converts nothing', () => {
    const pipe = validateBody(Numbered);
    assert(
      property(
        jsonValue().filter((value) => typeof value !== 'number'),
        (count) => {
          expect(refusalOf(() => pipe.transform({ count }, META))).toMatchObject({
            code: 'invalid_field',
            pointer: '#/count',
          });
        },
      ),
    );
    expect(pipe.transform({ count: 1.5 }, META).count).toBe(1.5);
  });
});
