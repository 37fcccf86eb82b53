/**
 * In place of Chart.js's library of colours, which mixes them in animations and under the pointer: there is none of
 * either in our charts, and it weighs as much as all of our drawing.
 */
export class Color {
  constructor() {
    throw new Error('no colours are mixed');
  }
}
