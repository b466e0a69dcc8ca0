import type { JsonValue } from '#libs/kernel';

/**
 * The shape with everything readonly. A mapped type, unlike the interface it is made from, may also be used as a
 * JsonObject, so that a message can be handed to the outbox as it is.
 */
export type Frozen<Shape> = [JsonValue] extends [Shape]
  ? Shape
  : Shape extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : Shape extends object
      ? { readonly [Key in keyof Shape]: Frozen<Shape[Key]> }
      : Shape;
