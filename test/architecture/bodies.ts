import 'reflect-metadata';

/** What stands between a caller and a `@Body` parameter, as the framework finds it at run time. */
export interface Body {
  readonly where: string;
  /** The name of the parameter's class; `Object` or `Function` where the compiler erased it. */
  readonly type: string;
  readonly hasPipe: boolean;
  readonly hasSchema: boolean;
}

type Class = abstract new (...args: never[]) => object;

// Nest's own keys; a planted controller in the test proves that they still are.
const ARGUMENTS = '__routeArguments__';
const PATH = 'path';
const SCHEMA = '__fastify_route_schema__';
const BODY = '3';

export function isClass(value: unknown): value is Class {
  return typeof value === 'function' && value.prototype !== undefined;
}

interface Argument {
  readonly index: number;
  readonly pipes: readonly unknown[];
}

/** Every `@Body` of a controller's HTTP routes, in the order of its methods. */
export function bodiesOf(controller: Class): Body[] {
  const { prototype } = controller;
  return Object.getOwnPropertyNames(prototype).flatMap((method) => {
    const handler: unknown = Object.getOwnPropertyDescriptor(prototype, method)?.value;
    // A subscriber on the bus has arguments under the same keys, but no path.
    if (typeof handler !== 'function' || !Reflect.hasMetadata(PATH, handler)) return [];
    const listed: Record<string, Argument> = Reflect.getMetadata(ARGUMENTS, controller, method) ?? {};
    const types: readonly { name: string }[] = Reflect.getMetadata('design:paramtypes', prototype, method) ?? [];
    const schema: { body?: unknown } | undefined = Reflect.getMetadata(SCHEMA, handler);
    return Object.entries(listed)
      .filter(([key]) => key.split(':')[0] === BODY)
      .map(([, { index, pipes }]) => ({
        where: `${controller.name}.${method}`,
        type: types[index]?.name ?? 'nothing',
        hasPipe: pipes.length > 0,
        hasSchema: schema?.body !== undefined,
      }));
  });
}
