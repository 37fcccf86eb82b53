import { SortedTags } from './sorted_tags';

export interface TagGroup {
  name: string;
  tags: string[];
}

/** Name of the group of a tag. */
export function groupOf(tag: string): string {
  const slash = tag.indexOf('/');
  return slash < 0 ? tag : tag.slice(0, slash);
}

/**
 * Groups tags by what stands before their first '/' (without one: by themselves), groups in order.
 * @param tags in order, which those of a group keep.
 */
export function groupTags(tags: readonly string[]): TagGroup[] {
  const groups = new Map<string, string[]>();
  for (const tag of tags) {
    const name = groupOf(tag);
    const group = groups.get(name);
    if (group) group.push(tag);
    else groups.set(name, [tag]);
  }
  const names = new SortedTags();
  names.add([...groups.keys()]);
  return names.tags.map((name) => ({ name, tags: groups.get(name) ?? [] }));
}
