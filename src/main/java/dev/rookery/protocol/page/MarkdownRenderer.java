package dev.rookery.protocol.page;

import dev.rookery.protocol.page.ThemeContent.Document;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Renders the Markdown of a theme. HTML in it is shown as text, addresses of other schemes than
 * http, https and mailto are dropped, and a picture of another site becomes a link to it, because
 * pages load nothing from there. Headings have ids and a link to themselves. Not thread-safe.
 */
final class MarkdownRenderer {
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), HeadingAnchorExtension.create());
  private static final int SUMMARY_MAX = 300;

  private final Parser parser = Parser.builder().extensions(EXTENSIONS).build();
  private final HtmlRenderer renderer;

  /**
   * @param images the path under which pictures beside the file are served
   */
  MarkdownRenderer(String images) {
    this.renderer =
        HtmlRenderer.builder()
            .escapeHtml(true)
            .sanitizeUrls(true)
            .extensions(EXTENSIONS)
            .nodeRendererFactory(context -> new Pictures(context, images))
            .build();
  }

  Document render(String markdown) {
    Node document = parser.parse(markdown);
    String title = "";
    if (document.getFirstChild() instanceof Heading heading && heading.getLevel() == 1) {
      title = plainText(heading);
      heading.unlink();
    }
    return new Document(title, summary(document), renderer.render(document));
  }

  private static String summary(Node document) {
    for (Node block = document.getFirstChild(); block != null; block = block.getNext()) {
      if (block instanceof Paragraph) {
        String text = plainText(block);
        return text.length() <= SUMMARY_MAX
            ? text
            : text.substring(0, text.offsetByCodePoints(0, SUMMARY_MAX / 2)) + "…";
      }
    }
    return "";
  }

  private static String plainText(Node node) {
    var text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code code) {
            text.append(code.getLiteral());
          }

          @Override
          public void visit(SoftLineBreak end) {
            text.append(' ');
          }
        });
    return text.toString();
  }

  /** Pictures beside the file, and of this server. */
  private record Pictures(HtmlNodeRendererContext context, String images) implements NodeRenderer {
    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(Image.class);
    }

    @Override
    public void render(Node node) {
      var image = (Image) node;
      String address = image.getDestination();
      var html = context.getWriter();
      if (address.startsWith("/") && !address.startsWith("//")) {
        html.tag("img", picture(address, image), true);
      } else if (address.matches("[\\w-][\\w.-]{0,99}")) {
        html.tag("img", picture(images + address, image), true);
      } else {
        html.text(plainText(image));
      }
    }

    private static Map<String, String> picture(String address, Image image) {
      return Map.of("src", address, "alt", plainText(image));
    }
  }
}
