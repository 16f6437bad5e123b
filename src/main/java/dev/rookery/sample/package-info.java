/**
 * Sample data for a server that is being tried out. It uses the commands that clients and admins
 * use, and comes after all domains; none of them knows it.
 */
@NullMarked
package dev.rookery.sample;

import org.jspecify.annotations.NullMarked;
