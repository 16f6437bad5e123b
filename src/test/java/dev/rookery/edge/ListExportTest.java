package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads of lists. */
final class ListExportTest {
  private static String export(String format, int rows, Map<String, Object> row) {
    ChunkedBody body =
        ListExport.<Integer>of(
                ListExport.Format.of(format),
                List.of("id", "name"),
                (last, max) ->
                    Future.succeededFuture(
                        IntStream.range(last == null ? 0 : last + 1, rows)
                            .limit(max)
                            .boxed()
                            .toList()),
                _ -> row)
            .result();
    var text = new StringBuilder();
    while (true) {
      text.append(body.chunk());
      var next = body.next();
      if (next == null) {
        return text.toString();
      }
      body = next.get().result();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"})
  void neverStartsACellWithAFormula(String text) {
    assertThat(ListExport.csvCell(text).replace("\"", "")).startsWith("'");
  }

  @Test
  void startsNoCellWithAFormulaForReadersOfOtherSeparators() {
    assertThat(ListExport.csvCell("a;=1+1")).isEqualTo("\"a;'=1+1\"");
    assertThat(ListExport.csvCell("a\t@x\n-1\r+2")).isEqualTo("\"a\t'@x\n'-1\r'+2\"");
    assertThat(ListExport.csvCell("\uff1d1")).isEqualTo("'\uff1d1");
    assertThat(ListExport.csvCell("a = b; c-d, -1")).isEqualTo("\"a = b; c-d, -1\"");
  }

  @Test
  void keepsNumbersAndQuotesWhatNeedsIt() {
    assertThat(ListExport.csvCell(-5L)).isEqualTo("-5");
    assertThat(ListExport.csvCell("a \"b\", c")).isEqualTo("\"a \"\"b\"\", c\"");
    assertThat(ListExport.csvCell("Ann")).isEqualTo("Ann");
  }

  @Test
  void writesTheHeadOnceAndAllRowsOverPages() {
    String text = export("csv", 2 * ListExport.PAGE + 3, Map.of("id", 1, "name", "Ann"));

    assertThat(text).startsWith("id,name\r\n1,Ann\r\n");
    assertThat(text.lines().filter("id,name"::equals)).hasSize(1);
    assertThat(text.lines()).hasSize(2 * ListExport.PAGE + 4);
  }

  @Test
  void writesALineOfJsonForEachRow() {
    assertThat(export("ndjson", 2, Map.of("id", 1, "name", "<b>")))
        .isEqualTo("{\"id\":1,\"name\":\"<b>\"}\n".repeat(2));
  }

  @Test
  void writesAnEmptyListAsItsHeadAlone() {
    assertThat(export("csv", 0, Map.of())).isEqualTo("id,name\r\n");
    assertThat(export("ndjson", 0, Map.of())).isEmpty();
  }

  @Test
  void leavesAnEmptyFirstCellInItsPlace() {
    assertThat(export("csv", 1, Map.of("name", "Ann"))).endsWith("\r\n,Ann\r\n");
  }
}
