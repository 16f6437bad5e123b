package dev.rookery.protocol.docs;

import java.util.List;

/**
 * A page of the documentation, rendered.
 *
 * @param name as in its address and file name
 * @param title its first heading, as plain text
 * @param summary its first paragraph, as plain text
 * @param markdown what it was rendered from
 * @param html all of it, the title included
 * @param headings those below the title, in order
 * @param passages its whole text, for the search
 * @param images addresses below {@code /docs/} of the images it shows
 */
record Article(
    String name,
    String title,
    String summary,
    String markdown,
    String html,
    List<Heading> headings,
    List<Passage> passages,
    List<String> images) {
  /**
   * A heading that can be linked to.
   *
   * @param level 2 for the first below the title
   */
  public record Heading(int level, String id, String text) {}

  /**
   * The plain text below one heading.
   *
   * @param id of the heading; empty for what is above the first one
   */
  record Passage(String id, String heading, String text) {}

  Article {
    headings = List.copyOf(headings);
    passages = List.copyOf(passages);
    images = List.copyOf(images);
  }

  /** Where it is served. Public, as the template reads it. */
  public String href() {
    return Contents.FOLDER + name;
  }
}
