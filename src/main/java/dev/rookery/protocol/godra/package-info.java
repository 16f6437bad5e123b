/**
 * The Godra wire (Godra contract): calls of Lua scripts over HTTP, and the sockets of the games
 * that the scripts run.
 *
 * <p><b>Accounts.</b> {@code /register}, {@code /login} and {@code /guest-login}. The access token
 * of any wire is accepted here; the token of a guest is accepted nowhere else.
 *
 * <p><b>Calls.</b> {@code POST /api/rpc} runs one script and answers with what it returns.
 *
 * <p><b>Sockets.</b> {@code /ws?token=&game_id=} runs {@code on_connect} before the upgrade and
 * {@code update_state} for each message, in order. What scripts publish to {@code
 * game_updates:game:<id>} reaches the sockets of the game on every node, collected for 50 ms.
 */
@NullMarked
package dev.rookery.protocol.godra;

import org.jspecify.annotations.NullMarked;
