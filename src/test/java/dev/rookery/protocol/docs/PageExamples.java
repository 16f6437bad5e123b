package dev.rookery.protocol.docs;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the examples of one page, in their order, against a node of their own. The address that the
 * page names is replaced by that of the node.
 */
final class PageExamples implements AutoCloseable {
  private static final String WRITTEN = "localhost:4000";
  private static final Path PACKAGES = Path.of("src/test/node/node_modules");

  private final Path folder;
  private final List<CodeBlock> blocks;
  private final TestNode node;
  private ExampleProcess shell;
  private ExampleProcess program;

  PageExamples(Path folder, List<CodeBlock> blocks) throws IOException {
    this.folder = folder;
    this.blocks = blocks;
    Files.createSymbolicLink(folder.resolve("node_modules"), PACKAGES.toAbsolutePath());
    this.node =
        TestNode.start(
            Databases.sqlite(), Map.of("PHX_HOST", "127.0.0.1", "MAILBOX_PREVIEW_ENABLED", "true"));
  }

  /** Fails at the first example that does not do what the page says. */
  void run() throws IOException {
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).is("run")) {
        boolean told = i + 1 < blocks.size() && blocks.get(i + 1).isOutput();
        run(i, told ? here(blocks.get(i + 1)) : null);
      }
    }
  }

  private void run(int at, CodeBlock output) throws IOException {
    CodeBlock block = here(blocks.get(at));
    try {
      String printed = block.language().equals("js") ? runNode(at, output) : runShell(block);
      List<String> differences =
          output == null ? List.of() : ExpectedOutput.differences(output, printed);
      if (!differences.isEmpty()) {
        throw new AssertionError(
            "prints something else than "
                + output.place()
                + " says:\n"
                + String.join("\n", differences)
                + "\nprinted:\n"
                + printed);
      }
    } catch (AssertionError failure) {
      throw new AssertionError(block.place() + " " + failure.getMessage(), failure);
    }
  }

  private String runShell(CodeBlock block) throws IOException {
    if (shell == null) {
      shell = ExampleProcess.shell(folder);
    }
    return shell.source(
        ExampleProcess.file(folder, block.file().getFileName() + ".sh", block.aligned()));
  }

  private String runNode(int at, CodeBlock output) throws IOException {
    if (program == null || blocks.get(at).is("fresh")) {
      if (program != null) {
        program.close();
      }
      program = ExampleProcess.node(folder, program(at));
    }
    String printed = program.proceed();
    return output == null
        ? printed
        : program.awaitOutput(now -> ExpectedOutput.differences(output, now).isEmpty());
  }

  /** From that block on, up to one that wants a new program; each at its line in the page. */
  private Path program(int from) {
    var text = new StringBuilder();
    for (CodeBlock block : blocks.subList(from, blocks.size())) {
      if (block.language().equals("js") && block.is("run")) {
        if (block.is("fresh") && !text.isEmpty()) {
          break;
        }
        long lines = text.chars().filter(c -> c == '\n').count();
        text.append("\n".repeat(Math.toIntExact(block.line() - 1 - lines)));
        text.append("await nextDocsExample();\n").append(here(block).text());
      }
    }
    text.append("await nextDocsExample();\n");
    return ExampleProcess.file(
        folder, blocks.get(from).file().getFileName() + ".mjs", text.toString());
  }

  private CodeBlock here(CodeBlock block) {
    return new CodeBlock(
        block.file(),
        block.line(),
        block.language(),
        block.words(),
        block.text().replace(WRITTEN, "127.0.0.1:" + node.port()));
  }

  @Override
  public void close() throws IOException {
    if (shell != null) {
      shell.close();
    }
    if (program != null) {
      program.close();
    }
    node.close();
    Files.delete(folder.resolve("node_modules"));
  }
}
