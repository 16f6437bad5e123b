package dev.rookery.protocol.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.protocol.docs.Article.Heading;
import dev.rookery.protocol.docs.Article.Passage;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArticleRendererTest {
  private final ArticleRenderer renderer = new ArticleRenderer(Set.of("page", "other"));

  @Test
  void titleSummaryHeadingsAndTextAreFound() {
    var article =
        render(
            """
            A *short* summary.

            ## First `part`
            Prose.

            ```sh run
            code
            ```
            More prose.

            ### Below
            | a | b |
            |---|---|
            | 1 | 2 |

            ## First `part`
            """);

    assertThat(article.title()).isEqualTo("Title");
    assertThat(article.summary()).isEqualTo("A short summary.");
    assertThat(article.headings())
        .containsExactly(
            new Heading(2, "first-part", "First part"),
            new Heading(3, "below", "Below"),
            new Heading(2, "first-part-1", "First part"));
    assertThat(article.passages())
        .containsExactly(
            new Passage("", "", "A short summary."),
            new Passage("first-part", "First part", "Prose. More prose. code"),
            new Passage("below", "Below", "a b 1 2"),
            new Passage("first-part-1", "First part", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "other.md, /docs/other",
    "other.md#part, /docs/other#part",
    "#part, #part",
    "/api/docs, /api/docs",
    "https://example.com/a.md, https://example.com/a.md",
    "mailto:a@example.com, mailto:a@example.com"
  })
  void linksLeadToWhereTheirPageIsServed(String written, String served) {
    assertThat(render("[text](" + written + ")").html())
        .contains("<a href=\"" + served + "\"")
        .contains(">text</a>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../../README.md", "unknown.md", "../conf/reference.yaml"})
  void aLinkToAFileOfTheRepositoryBecomesText(String link) {
    assertThat(render("[the *file*](" + link + ").").html()).contains("<p>the <em>file</em>.</p>");
  }

  @Test
  void scriptsAreNotLetThrough() {
    String html =
        render(
                """
                <script>alert(1)</script>

                a <img src=x onerror=alert(1)> [b](javascript:alert(1)) `<b>` \\<i>

                ```html "><script>
                </code><script>alert(1)</script>
                ```
                """)
            .html();

    assertThat(html)
        .doesNotContain("<script")
        .doesNotContain("<img")
        .doesNotContain("javascript:")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
  }

  @Test
  void aPageWithoutTitleIsRefused() {
    assertThatThrownBy(() -> renderer.render("page", "text")).hasMessageContaining("page.md");
    assertThatThrownBy(() -> render("![x](../secret.png)")).hasMessageContaining("image");
  }

  private Article render(String body) {
    return renderer.render("page", "# Title\n\n" + body);
  }
}
