/** Things in the order of their time; of the same time, in the order in which they came. */
export class Queue<T> {
  readonly #heap: { at: number; order: number; value: T }[] = [];
  #count = 0;

  get next(): number | undefined {
    return this.#heap[0]?.at;
  }

  add(at: number, value: T): void {
    const entry = { at, order: this.#count++, value };
    const heap = this.#heap;
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = heap[above];
      if (!other || !before(entry, other)) break;
      heap[place] = other;
      place = above;
    }
    heap[place] = entry;
  }

  take(): { at: number; value: T } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      const smaller = right && left && before(right, left) ? right : left;
      if (!smaller || !before(smaller, last)) break;
      heap[place] = smaller;
      place = smaller === right ? 2 * place + 2 : 2 * place + 1;
    }
    heap[place] = last;
    return first;
  }
}

interface Timed {
  at: number;
  order: number;
}

const before = (a: Timed, b: Timed): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
