package dev.rookery.loadrun;

import java.util.Map;

/** Reads the meters of this node. */
@FunctionalInterface
public interface ServerFigures {
  /** The values since the last call by column of the history of meters; those known. */
  Map<String, Double> take();
}
