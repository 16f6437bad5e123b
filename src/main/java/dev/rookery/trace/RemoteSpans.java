package dev.rookery.trace;

import java.util.List;

/**
 * What a node did for a trace of another one, which it sends with its answer.
 *
 * @param parts the first is the whole work
 * @param leftOut how many parts there were beyond the maximum
 */
public record RemoteSpans(List<Trace.Part> parts, int leftOut) {
  public RemoteSpans {
    parts = List.copyOf(parts);
  }
}
