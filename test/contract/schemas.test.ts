import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { AUDIT_ACTIONS, schemas, type Validator, validators } from '#libs/contracts';
import { isJsonObject, LIMITS } from '#libs/kernel';
import { CONTRACTS, objectOf, objectsIn, readJson, readObject, SCHEMAS } from './contract-files.ts';

/** Where anything may stand: what targeting reads, rules, object variants, and a problem's extension members. */
const OPEN = [
  'contracts/common.schema.json#/definitions/context',
  'contracts/files/registry.schema.json#/definitions/targeting',
  'contracts/files/registry.schema.json#/definitions/variantValue/anyOf/3',
  'contracts/http/problem.schema.json#',
];

describe('every contract', () => {
  it.each(CONTRACTS)('%s states what is, what is missing and what comes next', (path) => {
    const { current_state, gap, next_phase } = readObject(path);
    const summary = isJsonObject(current_state) ? current_state['summary'] : current_state;
    for (const said of [summary, gap, next_phase]) expect(said).toEqual(expect.stringMatching(/^\S.{3,}/));
  });
});

describe('the schemas', () => {
  const draft07 = new Ajv({ logger: false });

  it.each(SCHEMAS)('%s is a valid draft-07 schema under its own address', (path) => {
    const schema = readObject(path);
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema['$id']).toBe(`https://ptt.example/${path}`);
    expect(draft07.validateSchema(schema)).toBe(true);
  });

  it('compile strictly, also as JSON Schema 2020-12, with no reference left', () => {
    const options = {
      strict: true,
      strictRequired: false,
      allowUnionTypes: true,
      formats: { 'date-time': true as const },
    };
    const compilers = [new Ajv(options), new Ajv2020(options)];
    for (const [name, schema] of Object.entries(schemas)) {
      for (const ajv of compilers) expect(() => ajv.compile({ $comment: name, ...schema })).not.toThrow();
      expect(JSON.stringify(schema)).not.toContain('"$ref"');
    }
  });

  it('have a validator each', () => {
    const all: readonly (readonly [string, Validator<unknown>])[] = Object.entries(validators);
    expect(Object.fromEntries(all.map(([name, { schema }]) => [name, schema]))).toEqual(schemas);
  });

  it('refuse what they do not name, but where anything may stand', () => {
    const open = SCHEMAS.flatMap((path) =>
      [...objectsIn(readJson(path))]
        .filter(([, { type, additionalProperties }]) => type === 'object' && additionalProperties === undefined)
        .concat([...objectsIn(readJson(path))].filter(([, object]) => object['additionalProperties'] === true))
        .map(([pointer]) => `${path}#${pointer}`),
    );
    expect(open.toSorted()).toEqual(OPEN);
  });
});

describe('the bounds', () => {
  const bound = (path: string, ...names: readonly string[]) => {
    let at = readObject(path);
    for (const name of names.slice(0, -1)) at = objectOf(at, name);
    return at[names.at(-1) ?? ''];
  };

  it.each([
    ['contracts/common.schema.json', 'definitions/flagKey/maxLength', LIMITS.flagKeyLength],
    ['contracts/common.schema.json', 'definitions/id/maxLength', LIMITS.subjectIdLength],
    ['contracts/common.schema.json', 'definitions/text/maxLength', LIMITS.reasonLength],
    ['contracts/http/bulk-request.schema.json', 'properties/flag_keys/maxItems', LIMITS.bulkFlags],
    [
      'contracts/http/sensitive-check-request.schema.json',
      'definitions/sensitiveChecks/properties/checks/maxItems',
      LIMITS.checksPerCall,
    ],
    ['contracts/http/sensitive-check-answers.schema.json', 'maxItems', LIMITS.checksPerCall],
    ['contracts/http/ingest-request.schema.json', 'properties/records/maxItems', LIMITS.ingestRecords],
    ['contracts/http/problem.schema.json', 'properties/faults/maxItems', LIMITS.faultsPerAnswer],
    ['contracts/http/flag-list.schema.json', 'properties/flags/maxItems', LIMITS.pageSizeMax],
    ['contracts/http/override-list.schema.json', 'properties/overrides/maxItems', LIMITS.pageSizeMax],
    ['contracts/http/approval-list.schema.json', 'properties/approvals/maxItems', LIMITS.pageSizeMax],
    ['contracts/http/audit-list.schema.json', 'properties/records/maxItems', LIMITS.pageSizeMax],
    ['contracts/files/registry.schema.json', 'properties/flags/maxProperties', LIMITS.registryFlags],
    ['contracts/files/registry.schema.json', 'properties/flags/propertyNames/maxLength', LIMITS.flagKeyLength],
  ])('%s %s is the kernel’s limit', (path, pointer, limit) => {
    expect(bound(path, ...pointer.split('/'))).toBe(limit);
  });

  it('say of the context what the kernel limits', () => {
    const said = objectOf(objectOf(readObject('contracts/common.schema.json'), 'definitions'), 'context')[
      'description'
    ];
    expect(said).toContain(LIMITS.contextBytes.toLocaleString('en'));
    expect(said).toContain(`${LIMITS.jsonDepth} levels`);
  });
});

describe('the audit record', () => {
  it('knows the actions of the closed set and no other', () => {
    const actions = Object.keys(objectOf(readObject('contracts/audit/actions.json'), 'actions'));
    const { definitions } = readObject('contracts/audit/envelope.v1.schema.json');
    const action = objectOf(objectOf(objectOf(definitions, 'auditData'), 'properties'), 'action');
    expect(action['enum']).toEqual(actions);
    expect(AUDIT_ACTIONS).toEqual(actions);
  });
});

describe('a flag’s answer', () => {
  it('has every member of a definition', () => {
    const { definitions } = readObject('contracts/files/registry.schema.json');
    const definition = Object.keys(objectOf(objectOf(definitions, 'flagDefinition'), 'properties'));
    const answer = Object.keys(objectOf(readObject('contracts/http/flag-answer.schema.json'), 'properties'));
    expect(answer).toEqual(['key', ...definition, 'gated', 'stale']);
  });
});
