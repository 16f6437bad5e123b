package dev.rookery.match;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * What is counted of the rooms of a node.
 *
 * @param accepted actions of players
 * @param rejected actions of players
 * @param botActions carried out
 * @param failedBots decisions of bots that failed or were rejected
 * @param lateness from the deadline of a turn to its timeout
 * @param takenOver rooms that another node, or an earlier run of this one, owned before
 * @param refused commands that found that this node does not own the room any more
 * @param restored how long it takes to read a room from the store
 */
record RoomMeters(
    Counter accepted,
    Counter rejected,
    Counter botActions,
    Counter failedBots,
    Timer lateness,
    Counter takenOver,
    Counter refused,
    Timer restored) {
  static RoomMeters of(MeterRegistry meters) {
    return new RoomMeters(
        Counter.builder("rookery.matches.actions")
            .description("Actions of matches that this node has accepted")
            .register(meters),
        Counter.builder("rookery.matches.rejected")
            .description("Actions of matches that this node has rejected")
            .register(meters),
        Counter.builder("rookery.matches.bot.actions")
            .description("Actions of bots that this node has carried out")
            .register(meters),
        Counter.builder("rookery.matches.bot.failed")
            .description("Decisions of bots that failed or were rejected")
            .register(meters),
        Timer.builder("rookery.matches.deadline.lateness")
            .description("Time from the deadline of a turn to its timeout")
            .register(meters),
        Counter.builder("rookery.matches.takeovers")
            .description("Rooms that this node has taken over from a node that ended")
            .register(meters),
        Counter.builder("rookery.matches.refused")
            .description("Commands refused because this node does not own the room any more")
            .register(meters),
        Timer.builder("rookery.matches.restore")
            .description("Time to read a room, its records and its snapshot from the store")
            .register(meters));
  }
}
