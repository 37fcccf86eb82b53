import { SortedTags } from './sorted_tags';

export interface TagGroup {
  name: string;
  tags: string[];
}

/**
 * Groups tags by what stands before their first '/' (without one: by themselves), groups in order.
 * @param tags in order, which those of a group keep.
 */
export function groupTags(tags: readonly string[]): TagGroup[] {
  const groups = new Map<string, string[]>();
  for (const tag of tags) {
    const slash = tag.indexOf('/');
    const name = slash < 0 ? tag : tag.slice(0, slash);
    const group = groups.get(name);
    if (group) group.push(tag);
    else groups.set(name, [tag]);
  }
  const names = new SortedTags();
  names.add([...groups.keys()]);
  return names.tags.map((name) => ({ name, tags: groups.get(name) ?? [] }));
}
