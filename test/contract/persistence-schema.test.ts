import { describe, expect, it } from '@jest/globals';
import { listOf, names, objectOf, readObject, textOf } from './contract-files.ts';

describe('persistence_schema.json', () => {
  const contract = readObject('contracts/persistence_schema.json');
  const tables = listOf(contract, 'tables');
  const named = (schema: string, name: string) =>
    tables.find((table) => table['schema'] === schema && table['name'] === name) ?? {};

  it('has the tables and the view that the readiness check names', () => {
    const all = tables.map(({ schema, name }) => `${textOf(schema)}.${textOf(name)}`);
    const asked = [
      'ff.ff_flag',
      'ff.ff_tenant_override',
      'ff.ff_user_override',
      'ff.ff_audit',
      'ff.ff_audit_chain',
      'admin.approval',
      'admin.signature',
      'admin.audit',
      'admin.audit_chain',
    ];
    expect(asked.filter((table) => !all.includes(table))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
    expect(listOf(contract, 'views')).toEqual([
      expect.objectContaining({ schema: 'admin', name: 'approval_ttl_state' }),
    ]);
  });

  it.each([
    ['ff_tenant_override', 'tenant_id'],
    ['ff_user_override', 'user_id'],
  ])('indexes %s by %s and by expires_at', (table, subject) => {
    expect(listOf(named('ff', table), 'indexes').map(({ columns }) => columns)).toEqual([[subject], ['expires_at']]);
  });

  it('speaks only of columns that the tables have', () => {
    for (const table of tables) {
      const columns = new Set(names(listOf(table, 'columns')));
      const { primary_key, unique } = table;
      const used = [primary_key, unique, ...listOf(table, 'indexes').map((index) => index['columns'])].flat(2);
      expect({ table: table['name'], strangers: used.filter((column) => !columns.has(column)) }).toEqual({
        table: table['name'],
        strangers: [],
      });
    }
  });

  it('lets no service role change or delete an audit row or a signature, nor delete an approval', () => {
    const may = (table: Readonly<Record<string, unknown>>) => table['service_role_may'];
    const evidence = tables.filter(({ name }) => /^(?:ff_)?audit(?:_chain)?$|^signature$/.test(textOf(name)));
    expect(evidence.map(may)).toEqual(Array.from({ length: 5 }, () => ['select', 'insert']));
    expect(may(named('admin', 'approval'))).toEqual(['select', 'insert', 'update']);
  });

  it('keeps every column that a file’s row has', () => {
    const rows = [
      ['admin', 'approval', 'approvalRow', ['signatures']],
      ['admin', 'signature', 'signatureRow', []],
    ] as const;
    for (const [schema, table, row, elsewhere] of rows) {
      const { definitions } = readObject('contracts/files/approval_examples.schema.json');
      const members = Object.keys(objectOf(objectOf(definitions, row), 'properties')).filter(
        (member) => !elsewhere.some((one) => one === member),
      );
      expect(names(listOf(named(schema, table), 'columns'))).toEqual(members);
    }
  });

  it('draws every version and position from a sequence with cache 1', () => {
    const sequences = listOf(contract, 'sequences').map(
      ({ schema, name, cache }) => `${textOf(schema)}.${textOf(name)}/${textOf(cache)}`,
    );
    const drawn = tables.flatMap((table) =>
      listOf(table, 'columns').flatMap(
        ({ default: value }) => /^nextval\('([\w.]+)'\)$/.exec(textOf(value))?.[1] ?? [],
      ),
    );
    expect(drawn.filter((sequence) => !sequences.includes(`${sequence}/1`))).toEqual([]);
  });
});
