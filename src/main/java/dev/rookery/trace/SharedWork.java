package dev.rookery.trace;

import dev.rookery.trace.Span.Kind;
import dev.rookery.trace.Span.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work that is done for several commands at once, of which some may be traced. */
public final class SharedWork {
  private static final String NAME = "together with other commands";

  private SharedWork() {}

  /**
   * Does the work. What it begins is part of the trace of the first command that is traced; the
   * others have a single span for all of it.
   */
  public static <C, T> T call(
      List<C> commands, Function<C, @Nullable Span> spanOf, Supplier<T> work) {
    Span first = null;
    List<Span> others = List.of();
    for (C command : commands) {
      Span span = spanOf.apply(command);
      if (first == null) {
        first = span;
      } else if (span != null) {
        others = with(others, span.begin(Kind.BATCH, NAME));
      }
    }
    try {
      return Span.call(first, work);
    } finally {
      others.forEach(span -> span.end(Outcome.DONE));
    }
  }

  private static List<Span> with(List<Span> spans, @Nullable Span begun) {
    if (begun == null) {
      return spans;
    }
    List<Span> more = spans.isEmpty() ? new ArrayList<>() : spans;
    more.add(begun);
    return more;
  }
}
