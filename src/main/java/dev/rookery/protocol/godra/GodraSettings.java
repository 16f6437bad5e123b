package dev.rookery.protocol.godra;

import java.time.Duration;

/**
 * The bounds of the wire.
 *
 * @param keysMax maximum number of keys of a call
 * @param argsMax maximum number of arguments of a call
 * @param bodyBytesMax maximum size of the body of a call
 * @param resultBytesMax maximum size of a result, as JSON
 * @param batch how long messages for a game are collected
 * @param queueMax maximum number of messages that wait for a client, and from it
 * @param guestSilence how long a guest who is connected may send nothing
 */
public record GodraSettings(
    int keysMax,
    int argsMax,
    int bodyBytesMax,
    int resultBytesMax,
    Duration batch,
    int queueMax,
    Duration guestSilence) {}
