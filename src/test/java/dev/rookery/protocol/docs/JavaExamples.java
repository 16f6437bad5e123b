package dev.rookery.protocol.docs;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles the Java blocks of a page: whole files, which may refer to each other. */
final class JavaExamples {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern TYPE =
      Pattern.compile(
          "(?m)^(?:public |final |sealed |abstract )*(?:class|interface|record|enum) (\\w+)");

  private JavaExamples() {}

  /** What the compiler says against them, with the line in the page. */
  static List<String> compile(List<CodeBlock> blocks) {
    var sources = new ArrayList<Source>();
    var problems = new ArrayList<String>();
    for (CodeBlock block : blocks) {
      if (block.language().equals("java") && !block.isLeftOut()) {
        Matcher type = TYPE.matcher(block.text());
        if (type.find()) {
          sources.add(new Source(block, type.group(1)));
        } else {
          problems.add(block.place() + " is no whole file");
        }
      }
    }
    if (!sources.isEmpty()) {
      problems.addAll(compileTogether(sources));
    }
    return problems;
  }

  private static List<String> compileTogether(List<Source> sources) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    Path classes;
    try {
      classes = Files.createTempDirectory("examples");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var options =
        List.of(
            "-proc:none",
            "-classpath",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString());
    var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
    boolean compiled =
        compiler.getTask(new StringWriter(), files, diagnostics, options, null, sources).call();
    return compiled
        ? List.of()
        : diagnostics.getDiagnostics().stream()
            .filter(found -> found.getSource() instanceof Source)
            .map(
                found ->
                    ((Source) found.getSource()).block.file()
                        + ":"
                        + found.getLineNumber()
                        + " "
                        + found.getMessage(null))
            .toList();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final CodeBlock block;

    Source(CodeBlock block, String type) {
      super(URI.create("string:///" + folder(block) + type + ".java"), Kind.SOURCE);
      this.block = block;
    }

    private static String folder(CodeBlock block) {
      Matcher named = PACKAGE.matcher(block.text());
      return named.find() ? named.group(1).replace('.', '/') + "/" : "";
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return block.aligned();
    }
  }
}
