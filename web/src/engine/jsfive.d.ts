/** What is used of jsfive, which has no types of its own. What goes wrong in it is thrown, also as a string. */
declare module 'jsfive' {
  export class Group {
    readonly keys: string[];
    /** null: a link that leads nowhere. */
    get(name: string): Group | Dataset | null;
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name?: string);
  }
  export class Dataset {
    readonly shape: number[];
    /** "<f4"; of what is no number something else. */
    readonly dtype: unknown;
    /** Row by row; integers of 64 bits may be BigInt. */
    readonly value: ArrayLike<number | bigint>;
  }
}
