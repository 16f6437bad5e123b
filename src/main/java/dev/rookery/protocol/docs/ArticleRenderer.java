package dev.rookery.protocol.docs;

import dev.rookery.protocol.docs.Article.Heading;
import dev.rookery.protocol.docs.Article.Passage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Renders Markdown (CommonMark with tables). HTML in it is escaped. Links to other pages, which are
 * {@code name.md} so that they work on a code host, lead to where those are served; links to other
 * files of the repository, and those of a scheme other than http, https and mailto, become plain
 * text. Not thread-safe.
 */
final class ArticleRenderer {
  /** Keeps the search index small; what is longer is cut. */
  private static final int PASSAGE_CHARACTERS_MAX = 4_000;

  private static final int WIDE_COLUMNS_MIN = 4;

  private static final Pattern EXTERNAL = Pattern.compile("(https?|mailto):.*");
  private static final Pattern IMAGE = Pattern.compile("images/[a-z0-9-]+\\.(png|svg)");
  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

  /** A table, which scrolls by itself where it is wider than the screen. */
  static final class ScrollingTable extends CustomBlock {
    private final boolean wide;

    ScrollingTable(TableBlock table) {
      this.wide = TableColumns.count(table) >= WIDE_COLUMNS_MIN;
      table.insertBefore(this);
      appendChild(table);
    }

    /** Whether it is shown as a list on a phone. */
    boolean isWide() {
      return wide;
    }
  }

  private final Parser parser = Parser.builder().extensions(EXTENSIONS).build();
  private final Set<String> pages;

  /**
   * @param pages names of all pages
   */
  ArticleRenderer(Set<String> pages) {
    this.pages = Set.copyOf(pages);
  }

  Article render(String name, String markdown) {
    Node document = parser.parse(markdown);
    var images = new ArrayList<String>();
    rewriteLinks(document, images);
    scrollTables(document);
    var ids = new IdentityHashMap<Node, String>();
    List<Heading> headings = headings(document, ids);
    if (headings.isEmpty() || headings.getFirst().level() != 1) {
      throw new IllegalStateException(name + ".md does not begin with a title");
    }
    return new Article(
        name,
        headings.getFirst().text(),
        summary(document),
        markdown,
        html(ids).render(document),
        headings.subList(1, headings.size()),
        passages(document, ids),
        images);
  }

  private static HtmlRenderer html(Map<Node, String> ids) {
    return HtmlRenderer.builder()
        .escapeHtml(true)
        .attributeProviderFactory(_ -> new TableColumns())
        .nodeRendererFactory(context -> new ArticleNodes(context, ids))
        .extensions(EXTENSIONS)
        .build();
  }

  private static List<Heading> headings(Node document, Map<Node, String> ids) {
    var headings = new ArrayList<Heading>();
    var generator = IdGenerator.builder().build();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(org.commonmark.node.Heading heading) {
            String text = PlainText.of(heading);
            String id = generator.generateId(text);
            ids.put(heading, id);
            headings.add(new Heading(heading.getLevel(), id, text));
          }
        });
    return headings;
  }

  private static String summary(Node document) {
    for (Node block = document.getFirstChild(); block != null; block = block.getNext()) {
      if (block instanceof Paragraph) {
        return PlainText.of(block);
      }
    }
    return "";
  }

  private static List<Passage> passages(Node document, Map<Node, String> ids) {
    var passages = new ArrayList<Passage>();
    String id = "";
    String heading = "";
    var prose = new StringBuilder();
    var code = new StringBuilder();
    for (Node block = document.getFirstChild(); block != null; block = block.getNext()) {
      if (block instanceof org.commonmark.node.Heading at) {
        if (at.getLevel() > 1) {
          passages.add(new Passage(id, heading, joined(prose, code)));
          id = ids.getOrDefault(at, "");
          heading = PlainText.of(at);
        }
      } else {
        (block instanceof FencedCodeBlock ? code : prose).append(PlainText.of(block)).append(' ');
      }
    }
    passages.add(new Passage(id, heading, joined(prose, code)));
    return passages;
  }

  /** Code is last, because the search shows the first place where a word is found. */
  private static String joined(StringBuilder prose, StringBuilder code) {
    String text = prose.append(code).toString();
    prose.setLength(0);
    code.setLength(0);
    return text.substring(0, Math.min(text.length(), PASSAGE_CHARACTERS_MAX)).strip();
  }

  private void rewriteLinks(Node document, List<String> images) {
    var foreign = new HashSet<Link>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            String served = served(link.getDestination());
            if (served.isEmpty()) {
              foreign.add(link);
            } else {
              link.setDestination(served);
            }
            visitChildren(link);
          }

          @Override
          public void visit(Image image) {
            String path = image.getDestination();
            if (!IMAGE.matcher(path).matches()) {
              throw new IllegalStateException("an image is not images/<name>.png or .svg: " + path);
            }
            images.add(path);
            image.setDestination(Contents.FOLDER + path);
          }
        });
    foreign.forEach(ArticleRenderer::unlink);
  }

  /** Where a link leads on a node; empty for what no node serves and no browser should open. */
  private String served(String destination) {
    if (destination.startsWith("#")
        || destination.startsWith("/")
        || EXTERNAL.matcher(destination).matches()) {
      return destination;
    }
    int hash = destination.indexOf('#');
    String file = hash < 0 ? destination : destination.substring(0, hash);
    String anchor = hash < 0 ? "" : destination.substring(hash);
    if (file.endsWith(".md") && pages.contains(file.substring(0, file.length() - 3))) {
      return Contents.FOLDER + file.substring(0, file.length() - 3) + anchor;
    }
    return "";
  }

  private static void unlink(Link link) {
    for (Node child = link.getFirstChild(); child != null; child = link.getFirstChild()) {
      link.insertBefore(child);
    }
    link.unlink();
  }

  private static void scrollTables(Node document) {
    for (Node block = document.getFirstChild(); block != null; block = block.getNext()) {
      if (block instanceof TableBlock table) {
        block = new ScrollingTable(table);
      }
    }
  }
}
