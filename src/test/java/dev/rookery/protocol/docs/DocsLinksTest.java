package dev.rookery.protocol.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.docs.MarkdownFile.Reference;
import dev.rookery.testkit.TestNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.node.Heading;
import org.commonmark.node.Paragraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages belong together: the table of contents has each, and every link leads somewhere. */
final class DocsLinksTest {
  private static final int SUMMARY_CHARACTERS_MAX = 300;

  private static final Map<Path, Set<String>> ANCHORS = new HashMap<>();
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  static Stream<MarkdownFile> files() {
    return MarkdownFile.all();
  }

  static Stream<MarkdownFile> pages() {
    return MarkdownFile.pages();
  }

  @Test
  void theTableOfContentsListsEachPageOnce() {
    assertThat(Contents.read().pages())
        .containsExactlyInAnyOrderElementsOf(pages().map(MarkdownFile::name).toList());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aPageBeginsWithItsTitleAndASummary(MarkdownFile page) {
    assertThat(page.name()).matches("[a-z0-9-]+");
    var first = page.document().getFirstChild();
    assertThat(first).isInstanceOf(Heading.class);
    assertThat(((Heading) first).getLevel()).isEqualTo(1);
    assertThat(first.getNext()).isInstanceOf(Paragraph.class);
    assertThat(PlainText.of(first.getNext())).hasSizeLessThanOrEqualTo(SUMMARY_CHARACTERS_MAX);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyLinkLeadsSomewhere(MarkdownFile file) {
    var broken = new ArrayList<String>();
    for (Reference link : file.references()) {
      if (!leadsSomewhere(file, link.destination())) {
        broken.add(file.path() + ":" + link.line() + " " + link.destination());
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyLinkOfAServedPageLeadsSomewhere() {
    var articles = Site.articles(Contents.read());
    Set<String> served = articles.values().stream().map(Article::href).collect(Collectors.toSet());
    articles.values().stream()
        .flatMap(article -> Stream.of(article.html().split("href=\"")).skip(1))
        .map(rest -> rest.substring(0, rest.indexOf('"')).replaceAll("#.*", ""))
        .filter(link -> link.startsWith("/docs"))
        .forEach(link -> assertThat(served).contains(link));
  }

  private static boolean leadsSomewhere(MarkdownFile from, String link) {
    if (link.matches("https?://.*|mailto:.*")) {
      return true;
    }
    if (link.startsWith("/")) {
      return node.get(link, "accept", "text/html").statusCode() == 200;
    }
    String[] parts = link.split("#", 2);
    Path folder = from.path().toAbsolutePath().getParent();
    Path to = parts[0].isEmpty() ? from.path() : folder.resolve(parts[0]).normalize();
    if (!Files.exists(to)) {
      return false;
    }
    return parts.length == 1 || anchors(to.toAbsolutePath()).contains(parts[1]);
  }

  private static Set<String> anchors(Path file) {
    return ANCHORS.computeIfAbsent(file, found -> MarkdownFile.read(found).anchors());
  }
}
