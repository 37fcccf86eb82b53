import { compareTags } from './tag_order';

export interface TagGroup {
  name: string;
  tags: string[];
}

/** Groups tags by what stands before their first '/' (without one: by themselves), groups and tags in order. */
export function groupTags(tags: Iterable<string>): TagGroup[] {
  const groups = new Map<string, string[]>();
  for (const tag of tags) {
    const slash = tag.indexOf('/');
    const name = slash < 0 ? tag : tag.slice(0, slash);
    const group = groups.get(name);
    if (group) group.push(tag);
    else groups.set(name, [tag]);
  }
  return [...groups]
    .map(([name, members]) => ({ name, tags: members.sort(compareTags) }))
    .sort((a, b) => compareTags(a.name, b.name));
}
