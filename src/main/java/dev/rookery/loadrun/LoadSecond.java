package dev.rookery.loadrun;

/**
 * A second of a run, as the generator and the node that it runs on see it. What is not known is
 * NaN.
 *
 * @param second since the start
 * @param requests answered requests of the generator
 * @param p99Ms of its times
 * @param errors from the start to then
 * @param serverRequests requests that the node answered, of all its clients
 * @param serverP99Ms of them
 * @param lagMs of the event loops of the node
 * @param cpu part of the processors of the node's process
 */
public record LoadSecond(
    int second,
    double requests,
    double p99Ms,
    long errors,
    double serverRequests,
    double serverP99Ms,
    double lagMs,
    double cpu) {}
