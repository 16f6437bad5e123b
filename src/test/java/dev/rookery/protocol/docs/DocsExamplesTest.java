package dev.rookery.protocol.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rookery.config.ConfigReader;
import dev.rookery.node.ConfigChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The code blocks of the documentation and of README: they run, compile or parse, whatever their
 * language allows, from the Markdown itself.
 */
final class DocsExamplesTest {
  private static final Set<String> RUNNABLE = Set.of("sh", "js");
  private static final Set<String> OTHER_NAMES =
      Set.of("", "bash", "shell", "console", "javascript", "mjs", "yml");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  static Stream<MarkdownFile> files() {
    return MarkdownFile.all();
  }

  static Stream<MarkdownFile> filesWithExamples() {
    return files().filter(file -> file.blocks().stream().anyMatch(block -> block.is("run")));
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyBlockSaysHowItIsTested(MarkdownFile file) {
    var problems = new ArrayList<String>();
    List<CodeBlock> blocks = file.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      CodeBlock block = blocks.get(i);
      String language = block.language();
      if (OTHER_NAMES.contains(language)) {
        problems.add(block.place() + " has no language, or another name of one: " + language);
      } else if (RUNNABLE.contains(language) && block.is("run") == block.isLeftOut()) {
        problems.add(block.place() + " is marked neither run nor norun=reason");
      } else if (block.isOutput() && (i == 0 || !blocks.get(i - 1).is("run"))) {
        problems.add(block.place() + " is the output of nothing");
      }
    }
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyBlockThatIsNotRunIsValid(MarkdownFile file) {
    var problems = new ArrayList<String>();
    for (CodeBlock block : file.blocks()) {
      if (block.isLeftOut() || block.isOutput()) {
        continue;
      }
      try {
        switch (block.language()) {
          case "json" -> JSON.readerFor(Object.class).readValues(block.text()).readAll();
          case "yaml" -> YAML.readerFor(Object.class).readValues(block.text()).readAll();
          case "nginx", "caddyfile" -> ServerConfigs.check(block);
          default -> {}
        }
      } catch (Exception | AssertionError invalid) {
        problems.add(block.place() + " " + invalid.getMessage());
      }
    }
    JavaExamples.compile(file.blocks()).forEach(problems::add);
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyConfigurationCanBeRead(MarkdownFile file, @TempDir Path folder) throws IOException {
    // What a configuration in production or in a cluster has to be given from outside.
    var secrets =
        Map.of("DATABASE_URL", "postgres://a:b@127.0.0.1/c", "SECRET_KEY_BASE", "s".repeat(64));
    var problems = new ArrayList<String>();
    for (CodeBlock block : file.blocks()) {
      if (block.is("config")) {
        Path written = Files.writeString(folder.resolve("config.yaml"), block.text());
        try {
          ConfigReader.read(written, secrets, ConfigChecks.ALL);
        } catch (Exception invalid) {
          problems.add(block.place() + " " + invalid.getMessage());
        }
      }
    }
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("filesWithExamples")
  void examplesRun(MarkdownFile file, @TempDir Path folder) throws IOException {
    try (var examples = new PageExamples(folder, file.blocks())) {
      examples.run();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sh | echo printed; false | page.md:3 failed",
        "sh | echo printed; echo $UNDEFINED | page.md:3 failed",
        "js | console.log('printed'); throw new Error() | page.md:3 failed",
        "js | console.log('printed'); await fetch('http://localhost:4000/').then(fail) | page.md:3",
      })
  void anExampleThatFailsIsToldWithItsLineAndWhatItPrinted(
      String language, String code, String told, @TempDir Path folder) throws IOException {
    var page = page("# Page\n\n```" + language + " run\n" + code + "\n```\n");
    try (var examples = new PageExamples(folder, page.blocks())) {
      assertThatThrownBy(examples::run)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(told)
          .hasMessageContaining("printed")
          .hasMessageContaining(language.equals("sh") ? "page.md.sh: line 4" : "page.md.mjs:4");
    }
  }

  @Test
  void anExampleThatPrintsSomethingElseFails(@TempDir Path folder) throws IOException {
    var page = page("```sh run\necho one\n```\n\n```text output\ntwo\n```\n");
    try (var examples = new PageExamples(folder, page.blocks())) {
      assertThatThrownBy(examples::run)
          .hasMessageContaining("page.md:1 prints something else than page.md:5 says")
          .hasMessageContaining("one")
          .hasMessageContaining("two");
    }
  }

  @Test
  void examplesOfAPageShareTheirVariablesAndPrintEachForItself(@TempDir Path folder)
      throws IOException {
    var page =
        page(
            """
            ```sh run
            A=1
            ```
            ```js run
            const a = 2;
            console.log("first");
            setTimeout(() => console.log("later"), 200);
            ```
            ```text output
            first
            later
            ```
            ```sh run
            echo $A
            ```
            ```text output
            1
            ```
            ```js run
            console.log(a);
            ```
            ```json output
            2
            ```
            ```js run fresh
            console.log(typeof a);
            ```
            ```text output
            undefined
            ```
            """);
    try (var examples = new PageExamples(folder, page.blocks())) {
      examples.run();
    }
  }

  @Test
  void javaThatDoesNotCompileIsToldWithItsLine() {
    var page = page("```java\nclass A {}\n```\n\n```java\nclass B {\n  int a = \"\";\n}\n```\n");

    assertThat(JavaExamples.compile(page.blocks()))
        .singleElement()
        .asString()
        .startsWith("page.md:7 incompatible types");
  }

  private static MarkdownFile page(String text) {
    return MarkdownFile.parse(Path.of("page.md"), text);
  }

  @Test
  void textOutputMatchesWithPlaceholders() {
    assertThat(ExpectedOutput.text("a … c\n…\nend\n", "a b c\n1\n2\nend")).isEmpty();
    assertThat(ExpectedOutput.text("a … c\n…\nend\n", "a b c\nend\n")).isEmpty();
    assertThat(ExpectedOutput.text("a … c\n", "a b c\nmore\n")).isNotEmpty();
    assertThat(ExpectedOutput.text("a.c", "abc")).isNotEmpty();
  }

  @Test
  void jsonOutputMatchesByKeysAndTypes() {
    assertThat(ExpectedOutput.json("{\"a\": 1, \"b\": [\"x\"]}", "{\"b\":[\"y\"],\"a\":2}"))
        .isEmpty();
    assertThat(ExpectedOutput.json("{\"a\": null, \"…\": 0}", "{\"a\": {}, \"c\": 1}")).isEmpty();
    assertThat(ExpectedOutput.json("[1, \"…\"]", "[1, 2, 3]")).isEmpty();
    assertThat(ExpectedOutput.json("{\"a\": \"ey…\"}", "{\"a\": \"no\"}")).hasSize(1);
    assertThat(ExpectedOutput.json("{\"a\": 1}", "{\"a\": \"1\"}")).hasSize(1);
    assertThat(ExpectedOutput.json("{\"a\": 1}", "{}")).containsExactly("/a is missing");
    assertThat(ExpectedOutput.json("{}", "{\"a\": 1}")).hasSize(1);
    assertThat(ExpectedOutput.json("[]", "[1]")).hasSize(1);
    assertThat(ExpectedOutput.json("{}", "no")).hasSize(1);
  }
}
