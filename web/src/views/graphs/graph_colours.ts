/** Which colours a graph can have, and which it has. Pure. */
import type { GraphColour, GraphFacts } from '../../engine/graphs/graphs';
import type { GraphForm } from '../../model/state';

/** The colours that are drawn: those that are wanted, if the graph has them. @param form undefined = it is a file */
export function colourOf(wanted: GraphColour | 'auto', facts: GraphFacts, form: GraphForm | undefined): GraphColour {
  if (wanted === 'auto') return defaultColour(facts, form);
  return reasonAgainst(wanted, facts) === '' ? wanted : 'structure';
}

/** The colours of a graph of which none were chosen. */
export function defaultColour({ compared, has }: GraphFacts, form: GraphForm | undefined): GraphColour {
  if (compared) return 'difference';
  return form === 'profile' && has.time ? 'time' : 'structure';
}

/** Why boxes cannot have these colours; '' = they can. */
export function reasonAgainst(colour: GraphColour, { has, compared }: GraphFacts): string {
  if (colour === 'device' && !has.devices) return 'No node names a device';
  if (colour === 'cluster' && !has.clusters) return 'XLA has compiled none of it';
  if (colour === 'time' && !has.time) return 'Needs a profile of a step (run metadata)';
  if (colour === 'memory' && !has.memory) return 'Needs a profile of a step (run metadata)';
  if (colour === 'difference' && !compared) return 'Needs a second graph to compare with';
  return '';
}
