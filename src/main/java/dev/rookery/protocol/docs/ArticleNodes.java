package dev.rookery.protocol.docs;

import dev.rookery.protocol.docs.ArticleRenderer.ScrollingTable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlWriter;

/**
 * HTML of the nodes that differ from plain CommonMark: headings with a link to themselves, code
 * blocks with a caption, tables that scroll. What scrolls can be focused, so that the keyboard can
 * scroll it.
 */
final class ArticleNodes implements NodeRenderer {
  private static final Pattern NAME_PARTS = Pattern.compile("(?<=[._])(?=[A-Za-z])");

  private final HtmlNodeRendererContext context;
  private final HtmlWriter html;
  private final Map<Node, String> ids;

  /**
   * @param ids of the headings
   */
  ArticleNodes(HtmlNodeRendererContext context, Map<Node, String> ids) {
    this.context = context;
    this.html = context.getWriter();
    this.ids = ids;
  }

  @Override
  public Set<Class<? extends Node>> getNodeTypes() {
    return Set.of(
        Heading.class,
        Code.class,
        FencedCodeBlock.class,
        IndentedCodeBlock.class,
        ScrollingTable.class);
  }

  @Override
  public void render(Node node) {
    switch (node) {
      case Heading heading -> heading(heading);
      case Code code -> inlineCode(code);
      case FencedCodeBlock block -> code(block.getInfo(), block.getLiteral());
      case IndentedCodeBlock block -> code("", block.getLiteral());
      case ScrollingTable table -> table(table);
      default -> throw new IllegalArgumentException(node.toString());
    }
  }

  private void heading(Heading heading) {
    String tag = "h" + heading.getLevel();
    String id = ids.getOrDefault(heading, "");
    html.line();
    html.tag(tag, attributes("id", id));
    children(heading);
    if (heading.getLevel() > 1) {
      html.tag(
          "a",
          attributes("class", "anchor", "href", "#" + id, "aria-label", "Link to this section"));
      html.text("#");
      html.tag("/a");
    }
    html.tag("/" + tag);
    html.line();
  }

  /** In a table, long names may break after a dot or an underscore, and nowhere else. */
  private void inlineCode(Code code) {
    html.tag("code");
    if (code.getParent() instanceof TableCell) {
      for (String part : NAME_PARTS.split(code.getLiteral(), -1)) {
        html.text(part);
        html.tag("wbr");
      }
    } else {
      html.text(code.getLiteral());
    }
    html.tag("/code");
  }

  private void code(String info, String text) {
    String[] words = info.strip().split("\\s+", -1);
    String language = words[0].toLowerCase(Locale.ROOT);
    boolean output = words.length > 1 && words[1].equals("output");
    html.line();
    html.tag("figure", attributes("class", output ? "code output" : "code"));
    html.tag("figcaption");
    html.text(output ? "Output" : caption(language));
    html.tag("/figcaption");
    html.tag("pre", attributes("tabindex", "0"));
    html.tag("code");
    html.text(text);
    html.tag("/code");
    html.tag("/pre");
    html.tag("/figure");
    html.line();
  }

  private static String caption(String language) {
    return switch (language) {
      case "", "text" -> "Text";
      case "sh", "bash" -> "Shell";
      case "js", "javascript" -> "JavaScript";
      case "json" -> "JSON";
      case "yaml" -> "YAML";
      case "html" -> "HTML";
      case "css" -> "CSS";
      case "sql" -> "SQL";
      case "http" -> "HTTP";
      case "gdscript" -> "GDScript";
      case "csharp" -> "C#";
      default -> Character.toUpperCase(language.charAt(0)) + language.substring(1);
    };
  }

  private void table(ScrollingTable table) {
    html.line();
    html.tag(
        "div",
        attributes(
            "class",
            table.isWide() ? "table wide" : "table",
            "tabindex",
            "0",
            "role",
            "region",
            "aria-label",
            "Table"));
    children(table);
    html.tag("/div");
    html.line();
  }

  /** In the given order, so that every node makes the same page and the same entity tag of it. */
  private static Map<String, String> attributes(String... namesAndValues) {
    var attributes = new LinkedHashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      attributes.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return attributes;
  }

  private void children(Node parent) {
    for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
      context.render(child);
    }
  }
}
