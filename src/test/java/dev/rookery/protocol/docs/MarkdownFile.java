package dev.rookery.protocol.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Block;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** A Markdown file of the repository: a page of the documentation, or README. */
record MarkdownFile(Path path, Node document) {
  static final Path FOLDER = Path.of("src/main/resources/docs");
  static final Path README = Path.of("README.md");

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .build();

  /** A link or an image. */
  record Reference(int line, String destination) {}

  static MarkdownFile read(Path path) {
    try {
      return parse(path, Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MarkdownFile parse(Path path, String text) {
    return new MarkdownFile(path, PARSER.parse(text));
  }

  /** All pages of the folder, and README. */
  static Stream<MarkdownFile> all() {
    return Stream.concat(pages(), Stream.of(read(README)));
  }

  static Stream<MarkdownFile> pages() {
    try (var files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(MarkdownFile::read)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return path.getFileName().toString().replace(".md", "");
  }

  List<CodeBlock> blocks() {
    var blocks = new ArrayList<CodeBlock>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(FencedCodeBlock block) {
            blocks.add(CodeBlock.of(path, line(block), block.getInfo(), block.getLiteral()));
          }

          @Override
          public void visit(IndentedCodeBlock block) {
            blocks.add(CodeBlock.of(path, line(block), "", block.getLiteral()));
          }
        });
    return blocks;
  }

  List<Reference> references() {
    var references = new ArrayList<Reference>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            references.add(new Reference(line(link), link.getDestination()));
            visitChildren(link);
          }

          @Override
          public void visit(Image image) {
            references.add(new Reference(line(image), image.getDestination()));
          }
        });
    return references;
  }

  /** Ids of headings that are the same on a node and on a code host. */
  Set<String> anchors() {
    var generator = IdGenerator.builder().build();
    var anchors = new HashSet<String>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Heading heading) {
            String text = PlainText.of(heading);
            String id = generator.generateId(text);
            if (id.equals(codeHostId(text))) {
              anchors.add(id);
            }
          }
        });
    return anchors;
  }

  private static String codeHostId(String heading) {
    return heading
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
        .replaceAll("\\s", "-");
  }

  private static int line(Node node) {
    Node at = node;
    while (at.getSourceSpans().isEmpty() && !(at instanceof Block)) {
      at = at.getParent();
    }
    return at.getSourceSpans().getFirst().getLineIndex() + 1;
  }

  @Override
  public String toString() {
    return path.getFileName().toString();
  }
}
