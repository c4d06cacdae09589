"""Every action once, with its key, its entry in the palette and its line of help.

Screens take their bindings from here and the palette and the help are made from it, so that a key cannot be missing
from one of them. Ctrl+I and Ctrl+M are never bound: terminals send them for Tab and Enter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.binding import BindingType

from tui.command import PLACES, Command, Place

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.keymap import Keymap

COMMANDS: tuple[Command, ...] = (
    Command("everywhere", "help", ("f1",), "Help", "Show every key and what it does.", label="Help", shown="F1"),
    Command(
        "everywhere",
        "articles",
        ("f2",),
        "Articles",
        "List the articles, read one, add more.",
        label="Articles",
        shown="F2",
    ),
    Command(
        "everywhere",
        "conversations",
        ("f3",),
        "Conversations",
        "List earlier conversations, open or delete one.",
        label="History",
        shown="F3",
    ),
    Command("everywhere", "sync", ("f4",), "Sync sources", "Read what is new in the configured sources.", shown="F4"),
    Command(
        "everywhere",
        "choose_model",
        ("f6",),
        "Choose who answers",
        "Let another model answer, or quotes alone; until you leave.",
        shown="F6",
    ),
    Command(
        "everywhere",
        "stop_intake",
        ("f8",),
        "Stop adding",
        "Stop what is being added, synced or embedded; what was stored stays.",
        shown="F8",
    ),
    Command("everywhere", "settings", ("f7",), "Settings", "See and change every setting.", shown="F7"),
    Command(
        "everywhere",
        "choose_theme",
        ("f12",),
        "Theme",
        "Choose the colours, seen as you go through them.",
        shown="F12",
    ),
    Command(
        "everywhere",
        "command_palette",
        ("ctrl+p",),
        "Command palette",
        "Find any of these actions by its name.",
        label="Palette",
    ),
    Command("everywhere", "quit", ("ctrl+q",), "Quit", "Leave Newsdesk; conversations are kept.", shown="ctrl+q"),
    Command(
        "chat",
        "new_conversation",
        ("ctrl+n",),
        "New conversation",
        "Start over; the conversation so far is kept.",
        label="New",
    ),
    Command(
        "chat",
        "toggle_evidence",
        ("ctrl+b",),
        "Show or hide the evidence",
        "Show or hide the passages that the selected answer rests on.",
        label="Evidence",
    ),
    Command(
        "chat",
        "go_to_evidence",
        ("ctrl+o",),
        "Go to the evidence",
        "Move among the citations with the arrow keys; Enter opens one.",
    ),
    Command(
        "chat",
        "open_citation({n})",
        tuple("1234567890"),
        "Open a citation",
        "Open the citation with this number, of two digits where there are so many, while the prompt is not focused.",
        shown="1 to 9",
    ),
    Command(
        "chat",
        "stop",
        ("escape",),
        "Stop the answer",
        "Stop the running answer, keep what has come (twice: leave it); else put the notice away, go to the prompt.",
        shown="Esc",
    ),
    Command("chat", "retry", ("ctrl+r",), "Ask the last question again", "Try again after a failure or a stop."),
    Command(
        "chat",
        "quote",
        ("ctrl+g",),
        "Answer with quotes only",
        "After a model's failure: answer the selected question with quotes, without a model.",
    ),
    Command(
        "chat",
        "revise('again')",
        ("f5",),
        "Regenerate",
        "Let the model write the selected answer once more, from the same passages.",
        shown="F5",
    ),
    Command(
        "chat",
        "revise('shorter')",
        ("f9",),
        "Shorter",
        "Let the model write the selected answer shorter. The prompt takes other wishes: longer, in French.",
        shown="F9",
    ),
    Command(
        "chat",
        "edit",
        ("ctrl+t",),
        "Edit and ask again",
        "Put the selected question back in the prompt; its answer stays.",
    ),
    Command(
        "chat",
        "understood",
        ("ctrl+l",),
        "What was understood",
        "List the dates, outlets and so on that were read out of the selected question, and ask again without one.",
    ),
    Command(
        "chat",
        "copy",
        ("y",),
        "Copy the answer",
        "Copy the selected answer with its sources, while the prompt is not focused.",
    ),
    Command(
        "chat",
        "copy_reference",
        ("Y",),
        "Copy as Markdown",
        "Copy the selected answer as Markdown, each citation a footnote with quote, title, outlet, day and address.",
        shown="Shift+y",
    ),
    Command("chat", "copy_citation", ("c",), "Copy the citation", "Copy the quote that the current marker cites."),
    Command(
        "chat",
        "copy_citation_reference",
        ("C",),
        "Copy the citation's reference",
        "Copy a reference for what the current marker cites.",
        shown="Shift+c",
    ),
    Command(
        "chat",
        "move_split(5)",
        ("alt+left",),
        "More evidence",
        "Give the evidence more of the width; its border can be dragged, too.",
        shown="alt+left",
    ),
    Command(
        "chat",
        "move_split(-5)",
        ("alt+right",),
        "Less evidence",
        "Give the conversation more of the width.",
        shown="alt+right",
    ),
    Command(
        "chat",
        "go_to_filters",
        ("ctrl+f",),
        "Filters",
        "Go to the filters over the prompt. @ in the prompt chooses an outlet or article, /since and /until dates.",
    ),
    Command(
        "chat",
        "branch",
        ("f10",),
        "Branch",
        "Go on from the selected answer in a conversation of its own; this one stays as it is.",
        shown="F10",
    ),
    Command(
        "chat",
        "export",
        ("ctrl+s",),
        "Export the conversation",
        "Write the conversation to a file: Markdown, HTML or JSON, with its citations.",
    ),
    Command(
        "chat",
        "first_turn",
        ("ctrl+home",),
        "Go to the beginning",
        "Scroll to the first question of the conversation.",
    ),
    Command(
        "chat",
        "last_turn",
        ("ctrl+end",),
        "Go to the end",
        "Scroll to the end of the conversation and follow what comes; End does so in an empty prompt.",
    ),
    Command(
        "chat", "select_turn(-{n})", ("ctrl+up",), "Select the answer above", "Show the evidence of the answer above."
    ),
    Command(
        "chat", "select_turn({n})", ("ctrl+down",), "Select the answer below", "Show the evidence of the answer below."
    ),
    Command("answer", "next_marker", ("n",), "Next citation", "Step to the next marker of the answer.", label="Next"),
    Command("answer", "previous_marker", ("p",), "Previous citation", "Step to the marker before.", label="Previous"),
    Command(
        "answer",
        "open_marker",
        ("enter",),
        "Open the citation",
        "Open the article at the words that the marker cites.",
        label="Open",
        shown="Enter",
    ),
    Command(
        "answer",
        "toggle_steps",
        ("o",),
        "Show or hide the steps",
        "Show what was understood, searched, found, written and checked for this answer, and how long it took.",
        label="Steps",
    ),
    Command("filters", "move(-1)", ("left", "h"), "Filter before", "Move to the filter before."),
    Command("filters", "move(1)", ("right", "l"), "Next filter", "Move to the next filter."),
    Command(
        "filters",
        "remove",
        ("x", "delete", "backspace"),
        "Remove the filter",
        "Take the filter away; what was read out of a question, by asking that again without it.",
        label="Remove",
    ),
    Command("filters", "edit", ("enter",), "Change the filter", "Change it in a line.", label="Change", shown="Enter"),
    Command("evidence", "copy", ("y",), "Copy the quote", "Copy the quote with outlet, day and address.", "Copy"),
    Command(
        "evidence",
        "copy_reference",
        ("Y",),
        "Copy the reference",
        "Copy author, title, outlet, day, address and the quote.",
        shown="Shift+y",
    ),
    Command("evidence", "browse", ("o",), "Open in a browser", "Open the article's address in a browser.", "Browser"),
    Command(
        "evidence",
        "show_copies",
        ("s",),
        "Same report",
        "List who else printed the same report, or hide that.",
        "Same report",
    ),
    Command(
        "understood",
        "switch",
        ("enter",),
        "Ask again without it",
        "Ask the question again without what is under the cursor, or with it.",
        label="Ask again",
        shown="Enter",
    ),
    Command("understood", "back", ("escape",), "Back", "Leave the question as it is.", label="Back", shown="Esc"),
    Command(
        "models",
        "choose",
        ("enter",),
        "Choose",
        "Let it answer from the next question on.",
        label="Choose",
        shown="Enter",
    ),
    Command("models", "back", ("escape",), "Back", "Leave it as it is.", label="Back", shown="Esc"),
    Command("reader", "back", ("escape",), "Back", "Close the article.", label="Back", shown="Esc"),
    Command(
        "reader",
        "next_mark",
        ("n", "enter"),
        "Next cited words",
        "Go to the next words that are cited; in a search to the next place found, among versions to the next change.",
        label="Next",
    ),
    Command(
        "reader",
        "previous_mark",
        ("p", "N"),
        "Previous cited words",
        "Go to those before.",
        label="Previous",
    ),
    Command(
        "reader",
        "switch",
        ("t",),
        "Text as cited, text of now",
        "Where an article has changed since it was cited: switch between the two texts; from an earlier version, back.",
    ),
    Command("reader", "search", ("slash",), "Find in the article", "Find words in the text.", "Find", "/"),
    Command("reader", "ask", ("a",), "Ask about this article", "Ask about this article only.", "Ask"),
    Command(
        "reader",
        "toggle_about",
        ("i",),
        "About the article",
        "Show or hide what is known of it: its facts, earlier versions, copies, and articles like it.",
        "About",
    ),
    Command("reader", "browse", ("o",), "Open in a browser", "Open the article's address in a browser.", "Browser"),
    Command("reader", "copy", ("y",), "Copy the address", "Copy the article's address."),
    Command(
        "reader",
        "copy_reference",
        ("Y",),
        "Copy the reference",
        "Copy author, title, outlet, day and address.",
        shown="Shift+y",
    ),
    Command("reader", "copy_citation", ("c",), "Copy the cited words", "Copy the chosen words with where they stand."),
    Command("articles", "back", ("escape",), "Back", "Close the line, show all articles, close.", "Back", "Esc"),
    Command("articles", "open", ("enter",), "Read the article", "Open the article under the cursor.", "Read", "Enter"),
    Command("articles", "filter", ("slash",), "Filter", "Only articles with certain words or days.", "Filter", "/"),
    Command("articles", "add", ("a",), "Add articles", "Name a file, folder or address to take articles from.", "Add"),
    Command("articles", "sources", ("s",), "Sources", "The sources, their last sync, what failed.", "Sources"),
    Command("articles", "go_to_timeline", ("t",), "Counts over time", "Choose a span of time in the chart.", "Time"),
    Command("articles", "sort", ("o",), "Sort", "Sort by date, by outlet, by title.", "Sort"),
    Command("articles", "reverse", ("r",), "Reverse", "Sort the other way round."),
    Command("articles", "only_outlet", ("w",), "Only this outlet", "Only articles of the outlet under the cursor."),
    Command("articles", "only_copies", ("c",), "Only its copies", "Only the near-copies of the article."),
    Command("articles", "mark", ("space",), "Mark", "Mark the row under the cursor, for removing several."),
    Command("articles", "remove", ("d",), "Remove", "Delete the marked articles, else the one under the cursor."),
    Command(
        "articles",
        "ask",
        ("q",),
        "Ask about these",
        "Limit questions to what is marked, else listed.",
        "Ask",
    ),
    Command("timeline", "move(-1)", ("left", "h"), "Bar before", "Move to the day or month before."),
    Command("timeline", "move(1)", ("right", "l"), "Next bar", "Move to the next day or month."),
    Command("timeline", "widen(-1)", ("shift+left", "H"), "Widen back", "Take the bar before as well."),
    Command("timeline", "widen(1)", ("shift+right", "L"), "Widen on", "Take the next bar as well."),
    Command("timeline", "choose", ("enter",), "Choose the span", "Only articles of these bars.", "Choose", "Enter"),
    Command("sources", "back", ("escape",), "Back", "Close the list.", "Back", "Esc"),
    Command(
        "sources",
        "choose",
        ("enter",),
        "Sync it, or try it again",
        "Sync the source under the cursor alone, or try the failed document again.",
        "Sync or retry",
        "Enter",
    ),
    Command("sources", "retry", ("r",), "Try all again", "Try every document that failed again.", "Retry all"),
    Command(
        "sources",
        "leave_out",
        ("x", "delete"),
        "Leave out",
        "Say no more of a failed document, unless something else fails in it.",
        "Leave out",
    ),
    Command("sources", "copy", ("y",), "Copy what failed", "Copy what failed, with the reasons.", "Copy"),
    Command("conversations", "back", ("escape",), "Back", "Close the list.", label="Back", shown="Esc"),
    Command(
        "conversations",
        "open",
        ("enter",),
        "Open the conversation",
        "Go on with the conversation under the cursor.",
        label="Open",
        shown="Enter",
    ),
    Command(
        "conversations",
        "search",
        ("slash",),
        "Search conversations",
        "Find conversations by words of their titles, questions, answers and quotes.",
        label="Search",
        shown="/",
    ),
    Command("conversations", "rename", ("r",), "Rename", "Give the conversation another title.", label="Rename"),
    Command("conversations", "export", ("e",), "Export", "Write the conversation to a file.", label="Export"),
    Command("conversations", "new", ("n",), "New conversation", "Start a new conversation.", label="New"),
    Command(
        "conversations",
        "delete",
        ("d",),
        "Delete the conversation",
        "Delete the conversation under the cursor.",
        label="Delete",
    ),
    Command(
        "conversations",
        "undo",
        ("u",),
        "Undo",
        "Bring back what was deleted last, then what was before that.",
        label="Undo",
    ),
    Command("settings", "back", ("escape",), "Back", "Close the line, drop what is not saved, close.", "Back", "Esc"),
    Command("settings", "change", ("enter",), "Change", "Change the setting under the cursor.", "Change", "Enter"),
    Command("settings", "default", ("d",), "Default", "Back to the default, once that is saved.", "Default"),
    Command("settings", "save", ("ctrl+s",), "Save", "Write the changes to config.toml, whose rest stays.", "Save"),
    Command("settings", "test", ("t",), "Test the model", "Ask the model's server for a sign of life.", "Test"),
    Command("settings", "reload", ("r",), "Read again", "Read config.toml again."),
    Command("themes", "choose", ("enter",), "Keep the theme", "Keep the colours that are shown.", shown="Enter"),
    Command("themes", "back", ("escape",), "Back", "Go back to the colours before.", shown="Esc"),
    Command("lists", "list_move('down')", ("j",), "Down", "Down in a list or a page, as the arrow does."),
    Command("lists", "list_move('up')", ("k",), "Up", "Up in a list or a page."),
    Command("lists", "list_move('first')", ("g",), "To the beginning", "To the first row, or the top of a page."),
    Command("lists", "list_move('last')", ("G",), "To the end", "To the last row, or the end.", shown="Shift+g"),
    Command("lists", "list_move('page_down')", ("ctrl+d",), "A page down", "A page down in a list or a text."),
    Command("lists", "list_move('page_up')", ("ctrl+u",), "A page up", "A page up."),
    Command("export", "back", ("escape",), "Back", "Write nothing.", shown="Esc"),
    Command("confirm", "yes", ("y",), "Yes", "Do it.", label="Yes"),
    Command("confirm", "no", ("n", "escape"), "No", "Leave everything as it is.", label="No", shown="n or Esc"),
    Command("help", "search", ("slash",), "Find a key", "Show only what has these words.", "Find", "/"),
    Command("help", "back", ("escape",), "Back", "Close the help.", label="Back", shown="Esc"),
)

TYPING: tuple[tuple[str, str], ...] = (
    ("Enter", "Send the question."),
    ("ctrl+j or shift+Enter", "Break the line; alt+Enter does, too."),
    ("Up, Down", "From the first and the last line: through what was asked before, back to what was being typed."),
    ("@", "Choose an outlet or an article to ask about: Up and Down, Tab or Enter; Esc closes the list."),
    ("/", "Choose a command: filters, who answers, export and so on. A question that begins with / takes two."),
    ("Page up, Page down", "Scroll the conversation."),
    ("Tab", "Go to the selected answer, and on to the evidence; arrow keys move there."),
)
"""Keys of the prompt itself: they are typing rather than actions, and stand in the help only."""


def commands_for(*places: Place) -> tuple[Command, ...]:
    """The commands of some places, in the order of the registry."""
    return tuple(command for command in COMMANDS if command.place in places)


def places_of(screen: Screen[Any]) -> tuple[Place, ...]:
    """The places that the keys in force belong to, that of what has the focus first."""
    known: dict[str, Place] = {command.id: command.place for command in COMMANDS}
    ids = (each.binding.id or "" for each in screen.active_bindings.values())
    return tuple(dict.fromkeys(known[name] for name in ids if name in known and known[name] != "everywhere"))


def bindings(place: Place) -> list[BindingType]:
    """The bindings of the app or of a screen."""
    return [binding for command in commands_for(place) for binding in command.bindings()]


def help_lines(keymap: Keymap, places: Sequence[Place] = ()) -> dict[str, list[tuple[str, str]]]:
    """Headings with their keys in force and what each does; those of ``places`` first."""
    order = sorted(PLACES, key=lambda place: places.index(place) if place in places else len(places))
    lines = {
        PLACES[place]: [(keymap.text(each) or "no key", each.help) for each in commands_for(place)] for place in order
    }
    return {"At the prompt": list(TYPING), **{heading: each for heading, each in lines.items() if each}}
