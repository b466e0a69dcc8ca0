import { describe, expect, it } from '@jest/globals';
import { readAnswers } from './read-answers.ts';
import { allowing, denying } from './testing/index.ts';

const ANSWERS = [allowing(), denying('approval_missing')];

describe('reading the answers of Admin', () => {
  it('gives one for each question', () => {
    expect(readAnswers(JSON.stringify(ANSWERS), 2)).toEqual(ANSWERS);
  });

  it.each([
    ['<html>', 'the body is not JSON'],
    ['{}', 'the body does not hold:  must be an array, is an object'],
    [JSON.stringify([{ ...ANSWERS[0], decision: 'yes' }]), 'the body does not hold: /0/decision must be'],
    [JSON.stringify(ANSWERS.slice(1)), '1 answers to 2 questions'],
    [JSON.stringify([...ANSWERS, ...ANSWERS]), '4 answers to 2 questions'],
  ])('finds none in %.20s, and says why', (text, why) => {
    expect(() => readAnswers(text, 2)).toThrow(
      expect.objectContaining({ name: 'AdminUnreachable', message: expect.stringContaining(why) }),
    );
  });

  it('keeps what the parser found wrong', () => {
    expect(() => readAnswers('[', 2)).toThrow(expect.objectContaining({ cause: expect.anything() }));
  });

  it('names each fault with its place', () => {
    const faulty = JSON.stringify([{ ...ANSWERS[0], decision: 'yes', ttl_state: 7 }]);
    expect(() => readAnswers(faulty, 1)).toThrow(/\/0\/decision must be .*, \/0\/ttl_state must be /);
  });
});
