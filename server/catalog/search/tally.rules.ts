/**
 * Positive numbers held per document while a query runs; a document without one is not in it. The arrays are as wide
 * as the index and kept between queries, and only the cells that were touched are cleared.
 */
export class Tally {
  /** The documents that were touched; the first `size` entries are meant. */
  touched = new Uint32Array(0);
  size = 0;
  private values = new Float64Array(0);

  /** Makes room for documents up to `capacity`, and forgets all. */
  reset(capacity: number): void {
    if (this.values.length < capacity) {
      const room = capacity + (capacity >>> 1);
      this.values = new Float64Array(room);
      this.touched = new Uint32Array(room);
    } else for (let at = 0; at < this.size; at += 1) this.values[this.touched[at]!] = 0;
    this.size = 0;
  }

  /** The document's number, 0 when it has none. */
  get(document: number): number {
    return this.values[document]!;
  }

  /** Adds a positive number. */
  add(document: number, value: number): void {
    const before = this.values[document]!;
    if (before === 0) this.touch(document);
    this.values[document] = before + value;
  }

  /** Keeps the larger of the old and the new value, which must be positive. */
  raise(document: number, value: number): void {
    const before = this.values[document]!;
    if (value <= before) return;
    if (before === 0) this.touch(document);
    this.values[document] = value;
  }

  private touch(document: number): void {
    this.touched[this.size] = document;
    this.size += 1;
  }
}
