package dev.rookery.console;

import dev.rookery.bus.Command;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.trace.OperationSummary;
import dev.rookery.trace.Trace;
import dev.rookery.trace.TraceFilter;
import java.util.List;

/**
 * Questions of operators about the traces that the nodes keep. They are answered from memory; nodes
 * that do not answer within {@link NodeCalls#WITHIN} are named.
 */
public sealed interface TraceQuery<R> extends Command<R> {
  String ADDRESS = "console.traces";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * The traces that a filter admits, without their parts, and the operations that were sampled.
   *
   * @param node the name of the node; empty for all
   */
  record ListTraces(TraceFilter filter, String node) implements TraceQuery<TracePage> {
    public static final int LISTED_MAX = 200;
  }

  /**
   * One trace with its parts. {@code Missing("trace_not_found")}; {@code Unavailable("timeout")} if
   * it is on none of the nodes that answered, and others did not.
   */
  record FindTrace(String id) implements TraceQuery<NodeTrace> {}

  /** A trace of a node. */
  record NodeTrace(String node, Trace trace) {}

  /**
   * Traces in the order that was asked for.
   *
   * @param operations by name
   * @param sample which part of the requests and frames this node traces, from 0 to 1
   */
  record TracePage(
      List<OperationSummary> operations,
      List<NodeTrace> traces,
      double sample,
      List<String> silent) {}
}
