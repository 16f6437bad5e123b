package dev.rookery.protocol.page;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pages that a theme has as Markdown files.
 *
 * @param changelog null if the theme names none, like the others
 * @param blog posts, newest first
 * @param pictures the folders of pictures, by the last segment of the path under which they are
 *     served: {@code blog} and {@code changelog}
 */
record ThemeContent(
    @Nullable Document changelog,
    @Nullable Document roadmap,
    @Nullable List<BlogPost> blog,
    Map<String, Path> pictures) {
  static final ThemeContent NONE = new ThemeContent(null, null, null, Map.of());

  /**
   * A Markdown file.
   *
   * @param title its first heading; empty if it has none
   * @param summary its first paragraph as plain text
   * @param html without the first heading
   */
  record Document(String title, String summary, String html) {}

  /**
   * A post of the blog.
   *
   * @param slug in the address
   * @param date as in {@code 2026-11-29}; empty if the name of the file does not begin with one
   */
  record BlogPost(String slug, String date, Document document) {}

  Optional<BlogPost> post(String slug) {
    return blog == null
        ? Optional.empty()
        : blog.stream().filter(post -> post.slug().equals(slug)).findFirst();
  }
}
