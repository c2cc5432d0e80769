import { isDuplicateKey, type Database } from '../platform/db/index.ts';
import { cartModels, type CartDoc } from './cart.model.ts';

export type CartStore = ReturnType<typeof createCartStore>;

export function createCartStore(db: Database) {
  const { carts } = cartModels(db);
  return {
    of: (people: readonly string[]) =>
      carts
        .find({ _id: { $in: [...people] } })
        .lean<CartDoc[]>()
        .exec(),

    /** Compare and set on the version; version 1 is a new cart. @returns whether nobody was quicker */
    async write(cart: CartDoc): Promise<boolean> {
      if (cart.version > 1) {
        const result = await carts.replaceOne({ _id: cart._id, version: cart.version - 1 }, cart);
        return result.modifiedCount > 0;
      }
      try {
        await carts.collection.insertOne(cart as never);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    async remove(people: readonly string[]): Promise<void> {
      await carts.deleteMany({ _id: { $in: [...people] } });
    },
  };
}
