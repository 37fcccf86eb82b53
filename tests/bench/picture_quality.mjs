// How good a picture of points is, by the same code whoever made it.

/**
 * The joint probabilities of t-SNE over neighbours (van der Maaten 2014, section 4.1), each pair once.
 * @param neighbours rows of `k` neighbours and their distances for each of `count` points, one behind the other
 */
export function jointProbabilities({ count, k, rows, distances }, perplexity) {
  const pairs = new Map();
  for (let i = 0; i < count; i++) {
    const squares = distances.subarray(i * k, (i + 1) * k).map((distance) => distance * distance);
    const given = conditional(squares, Math.log(perplexity));
    given.forEach((probability, n) => {
      const j = rows[i * k + n];
      const pair = Math.min(i, j) * count + Math.max(i, j);
      pairs.set(pair, (pairs.get(pair) ?? 0) + probability / (2 * count));
    });
  }
  return { count, pairs: [...pairs.keys()], probabilities: Float64Array.from(pairs.values()) };
}

/** Gaussian ones of this entropy. */
function conditional(squares, entropy) {
  let [low, high, factor] = [0, Infinity, 1];
  const least = squares[0];
  for (let round = 0; ; round++) {
    const weights = squares.map((square) => Math.exp(factor * (least - square)));
    const sum = weights.reduce((a, b) => a + b);
    const mean = weights.reduce((total, weight, n) => total + weight * (squares[n] - least), 0) / sum;
    const difference = Math.log(sum) + factor * mean - entropy;
    if (Math.abs(difference) < 1e-6 || round === 100) return weights.map((weight) => weight / sum);
    if (difference > 0) low = factor;
    else high = factor;
    factor = high === Infinity ? factor * 2 : (low + high) / 2;
  }
}

/** The Kullback–Leibler divergence of these probabilities from those of a picture in two dimensions, exactly. */
export function divergence({ count, pairs, probabilities }, picture) {
  const near = (i, j) => 1 / (1 + (picture[2 * i] - picture[2 * j]) ** 2 + (picture[2 * i + 1] - picture[2 * j + 1]) ** 2); // prettier-ignore
  let all = 0;
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) all += 2 * near(i, j);
  // A pair counts in both directions.
  return pairs.reduce((sum, pair, n) => {
    const [i, j] = [Math.floor(pair / count), pair % count];
    return sum + 2 * probabilities[n] * Math.log((probabilities[n] * all) / near(i, j));
  }, 0);
}

/**
 * Trustworthiness (Venna and Kaski 2001): 1 = the k nearest of a picture are such in all dimensions, too. Of every
 * `stride`th point.
 */
export function trustworthiness(points, dimensions, picture, k, stride) {
  const count = points.length / dimensions;
  let [missed, looked] = [0, 0];
  for (let i = 0; i < count; i += stride) {
    const distances = distancesFrom(points, dimensions, i);
    const near = distancesFrom(picture, 2, i);
    const nearest = [...near.keys()].sort((a, b) => near[a] - near[b]);
    // The first is the point itself.
    for (const j of nearest.slice(1, k + 1)) {
      const rank = distances.reduce((nearer, distance) => nearer + (distance < distances[j] ? 1 : 0), 0);
      missed += Math.max(0, rank - k);
    }
    looked++;
  }
  return 1 - (2 * missed) / (looked * k * (2 * count - 3 * k - 1));
}

function distancesFrom(points, dimensions, i) {
  const distances = new Float64Array(points.length / dimensions);
  for (let j = 0; j < distances.length; j++) {
    for (let d = 0; d < dimensions; d++) distances[j] += (points[i * dimensions + d] - points[j * dimensions + d]) ** 2;
  }
  // Nearest to itself, also where others are at the same place.
  distances[i] = -1;
  return distances;
}
