import { tagLabel } from './format';
import { SortedTags } from './sorted_tags';

export interface TagGroup {
  name: string;
  tags: string[];
}

/** Name of the group of all tags that have none, where they are not groups by themselves: no tag's group is called so. */
export const UNGROUPED = '/';

/** What the group of this name is called. */
export function groupLabel(name: string): string {
  return name === UNGROUPED ? 'Tags without a group' : tagLabel(name);
}

/** Name of the group of a tag, as of TensorBoard: a tag without a '/' is one by itself. */
export function groupOf(tag: string): string {
  const slash = tag.indexOf('/');
  return slash < 0 ? tag : tag.slice(0, slash);
}

/** The same, but that all tags without a '/' are in one group: where a group of one would take the whole width. */
export function wideGroupOf(tag: string): string {
  return tag.includes('/') ? groupOf(tag) : UNGROUPED;
}

/**
 * Groups tags, groups in order.
 * @param tags in order, which those of a group keep.
 * @param of the name of the group of a tag
 */
export function groupTags(tags: readonly string[], of = groupOf): TagGroup[] {
  const groups = new Map<string, string[]>();
  for (const tag of tags) {
    const name = of(tag);
    const group = groups.get(name);
    if (group) group.push(tag);
    else groups.set(name, [tag]);
  }
  const names = new SortedTags();
  names.add([...groups.keys()]);
  return names.tags.map((name) => ({ name, tags: groups.get(name) ?? [] }));
}
