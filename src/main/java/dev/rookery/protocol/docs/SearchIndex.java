package dev.rookery.protocol.docs;

import dev.rookery.protocol.docs.Article.Passage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What the search of the pages reads, once, when somebody begins to type: {@code {"pages":
 * [[address, title], …], "passages": [[page, id, heading, text], …]}}, where a passage names its
 * page by its place in the list.
 */
final class SearchIndex {
  /** A test keeps the documentation below it. */
  static final int BYTES_MAX = 1 << 20;

  private SearchIndex() {}

  static String json(List<Article> articles) {
    var pages = new JsonArray();
    var passages = new JsonArray();
    for (Article article : articles) {
      for (Passage passage : article.passages()) {
        passages.add(JsonArray.of(pages.size(), passage.id(), passage.heading(), passage.text()));
      }
      pages.add(JsonArray.of(article.href(), article.title()));
    }
    return new JsonObject().put("pages", pages).put("passages", passages).encode();
  }
}
