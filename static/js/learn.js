/* What the lesson page of every type of item needs beside its tabs. */
import "./course_progress.js";
import "./learn_keys.js";
import "./notes.js";
import "./panels.js";
