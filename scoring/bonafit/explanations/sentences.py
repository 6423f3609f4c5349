"""The catalogue: every sentence about a brand and a creator that people read, whole, in at most twenty words.

Sentences hold named places, `{times}`, that `say` fills. `{moves}` is what a signal does to its head's value, such as
"raises fit a lot". A figure is one word ("41%", "1.8%"). Names of strangers and their texts never come in here.
"""

from __future__ import annotations

from collections.abc import Mapping

# By head, or the room that says it, then by what is said.
SENTENCES: Mapping[str, Mapping[str, str]] = {
    "campaign": {
        "offer": "An offer is what counts as genuine and on the subject, at {worth}.",
        "interval": "Nine in ten such lists would end within the range.",
        "looks": "A person has to look before these are booked.",
        "worth_up_to": "Worth up to: at a higher cost, the same money would bring more with others.",
        "estimated": "A price marked by * is estimated from creators of like size, not asked for.",
        "enters_at": "Enters at: a post at this cost, or below it, would be worth its money on the list.",
        "competitors_in": "Creators with ties to a competitor are on the list, as was asked for: {n}.",
    },
    "niche_fit": {
        "start": "An average creator would stand at {start} for this brief.",
        "on_subject": "{on} of {n} posts are on the brief's subject, where {usual} is usual, which {moves}.",
        "whole_near": "The posts as a whole are nearer to the brief than {percent} of creators' posts, which {moves}.",
        "whole_far": "The posts as a whole are farther from the brief than {percent} of creators' posts, which {moves}.",
        "best_near": "The closest posts (three in ten) beat {percent} of posts elsewhere for this brief, which {moves}.",
        "best_far": "Even the closest posts (three in ten) trail {percent} of posts elsewhere, which {moves}.",
        "parts_near": "The parts of the brief are met better than by {percent} of creators, which {moves}.",
        "parts_far": "The parts of the brief are met worse than by {percent} of creators, which {moves}.",
        "words": "The posts use {share} of the words that make this brief special, which {moves}.",
        "bio_near": "The bio is nearer to the brief than {percent} of bios, which {moves}.",
        "bio_far": "The bio is farther from the brief than {percent} of bios, which {moves}.",
        "refused": "{share} of the posts are about what the brief does not want, which {moves}.",
        "stance": "{share} of the posts about it speak against the subject or the brand, which {moves}.",
        "no_posts": "Posts are missing.",
        "unread_language": "{share} of the words are in languages that are not read.",
        "naming_brand": "Texts that name the brand were left out: {n}.",
        "repeating_brief": "Texts that repeat the brief were left out: {n}.",
    },
    "authenticity": {
        "start": "Before anything is looked at, {start} of accounts are taken as genuine.",
        "profile_for": "{counts} look like a genuine account's, which {moves}.",
        "profile_against": "{counts} are unusual for a genuine account, which {moves}.",
        "likes_per_comment": "Each comment comes with {likes} likes; nearly all genuine creators stay under {edge}, which {moves}.",
        "likes_per_comment_near": "Each comment comes with {likes} likes, near the {edge} that bounds nearly all genuine creators, which {moves}.",
        "likes_per_comment_alone": "Each comment comes with {likes} likes over {n} posts, which {moves}.",
        "likes_per_view": "{share} of views bring a like; nearly all genuine creators stay under {edge}, which {moves}.",
        "likes_per_view_near": "{share} of views bring a like, near the {edge} that bounds nearly all genuine creators, which {moves}.",
        "likes_per_view_alone": "{share} of views bring a like over {n} posts, which {moves}.",
        "likes_alike": "Likes hardly differ from post to post, as no creator's that was studied do, which {moves}.",
        "likes_per_follower": "The middle post has {likes} likes for each follower, which {moves}.",
        "audience": "About {share} of {n} sampled followers look suspicious; up to {usual} is usual, which {moves}.",
        "growth_calm": "The follower count never jumps, as is usual, which {moves}.",
        "growth_explained": "Posts explain every jump of the follower count, which {moves}.",
        "growth_jump": "Followers jumped by {growth} on {day} without a post to explain it, which {moves}.",
        "posting_human": "Posting times and captions look like a person's, as is usual, which {moves}.",
        "posting_machine": "A fixed clock, repeated captions or bursts of posts come together, which {moves}.",
        "posting_bursts_clock": "{same_gap_share} of gaps are equal and {burst_share} of posts come in bursts, rare together, which {moves}.",
        "posting_bursts_repeated_captions": "{repeated_caption_share} of captions repeat and {burst_share} of posts come in bursts, rare together, which {moves}.",
        "posting_clock_repeated_captions": "{same_gap_share} of gaps between posts are equal and {repeated_caption_share} of captions repeat, rare together, which {moves}.",
        "comments_varied": "{n} comments by {people} people repeat no more than is usual, which {moves}.",
        "comments_phrases": "Two comments are alike in {share} of pairs; up to {usual} is usual, which {moves}.",
        "comments_authors": "One person wrote under both in {share} of post pairs; up to {usual} is usual, which {moves}.",
        "comments_spam": "{share} of {n} comments read like spam; up to {usual} is usual, which {moves}.",
        "no_counts": "The number of followers is missing.",
        "some_counts": "Some of followers, accounts followed and number of posts are missing.",
        "no_engagement": "Likes and comments are missing.",
        "no_comment_counts": "Comment counts are not shown.",
        "no_views": "View counts are not shown.",
        "no_audience": "A sample of followers is missing.",
        "small_audience": "The sample of followers is too small; {needed} readable accounts are needed.",
        "no_history": "A follower history of six counts or more is missing.",
        "no_comments": "Ten comments or more are missing, so nobody judged what people write.",
        "no_times": "Enough dated posts to see a machine at work are missing.",
    },
    "engagement_quality": {
        "start": "A typical creator of this size and platform stands at {start}.",
        "level": "Posts get {reactions} from {own} of {whom}; {usual} is usual at this size, which {moves}.",
        "level_times": "Posts get {times} times the reactions of such posts elsewhere, which {moves}.",
        "talk_and_times": "{people} people comment, {says} saying something; comments are {times} times the usual for the likes, which {moves}.",
        "talk": "{people} people comment, {says} saying something, which {moves}.",
        "likes_doubted": "Hardly any creator gets so many likes for the comments or views, which {moves}.",
        "comments_times": "Comments are {times} times the usual for the likes over {n} posts, which {moves}.",
        "comments": "The share of comments among reactions goes with {times} times the usual engagement, which {moves}.",
        "views_times": "Views are {times} times the usual for the likes over {n} posts, which {moves}.",
        "no_posts": "Posts with their likes are missing.",
        "no_talk": "Comments that show who gets an answer are missing.",
        "no_comment_counts": "Comment counts are not shown.",
        "no_view_counts": "View counts are not shown.",
        "no_platform": "It was never measured what is usual on this platform.",
        "some_hidden": "Some posts hide their counts and are taken for the weaker ones.",
        "no_dates": "Dates of posts are missing.",
        "no_counting_day": "The day on which the counts were read is missing.",
        "hidden_posts": "Posts that hide their counts were left out: {n}.",
        "unsettled_posts": "Posts too new for their counts were left out: {n}.",
    },
    "safety": {
        "start": "Posts that promote nothing unwanted stand at the top.",
        "promoted": "{share} of the posts promote {about}, which {moves}.",
        "without_text": "Posts without a text, whose pictures nobody looked at: {n}.",
        "older": "Older posts that were not read: {n}.",
        "unread_language": "{share} of the texts are in languages that were not measured.",
        "no_pictures": "Pictures, voices and music were not looked at, only texts.",
    },
    "any": {
        "moves_little": "A change here moves the score little.",
        "moves_some": "A change here moves the score somewhat.",
        "moves_most": "A change here moves the score most.",
        "start": "A creator of whom nothing is known would stand at {start}.",
        "unseen": "What is not shown {moves}.",
        "unseen_one": "{missing}, which {moves}.",
        "unseen_more": "Among other things, {missing}, which {moves}.",
        "other": "What else was seen {moves}.",
        "reasons_cut": "Reasons are listed of the first {n} creators, since a sheet holds no more.",
        "ads": "{share} of {n} posts that were read are ads.",
        "no_value": "There is no answer about {label}.",
        "value": "{label} is {value}, most likely between {low} and {high}.",
        "score": "The score is {value}, most likely between {low} and {high}.",
    },
    "how_to_read": {
        "order": "Creators are ranked by their score, the best first.",
        "score": "The score is high only where fit, authenticity and engagement are all high.",
        "fit": "Fit says how likely the creator's posts belong to what the brief is about.",
        "authenticity": "Authenticity says how likely the account's figures are those of a genuine account.",
        "engagement": "Engagement compares what the next posts will get with other creators of that size.",
        "range": "Most likely, the true figure lies between the columns from and to.",
        "review": "A creator with something to look at is not on the shortlist until a person has looked.",
        "apart": "Who could not be judged stands on a sheet of their own, with what is missing.",
        "signals": "Everything here is a sign to be looked at by a person, never an accusation.",
    },
    "brief": {
        "mapped": "The brief is in {languages}, which is read a little less exactly than English.",
        "guessed": "How well {languages} is read was never measured.",
        "unread": "Parts of the brief in {languages} are not read.",
        "shortlist": "Shortlist: a score from {score}, fit from {fit}, authenticity from {authenticity}, and nothing to look at.",
        "pass": "Passed over: a score below {score}, fit below {fit} or authenticity below {authenticity}.",
        "age": "Not judged: a newest post older than {days} days.",
        "age_on": "Not judged: a newest post older than {days} days on {day}, unless the file says another day.",
        "close": "Close to what is wanted is “{topic}”; posts nearer to what is wanted are shown apart.",
        "unread_creators": "Fit of {n} creators was not judged, since their languages are not read.",
        "unread_creator": "Fit of one creator was not judged, since their language is not read.",
    },
    "file": {
        "lacks_comments": "The file shows no comment counts, so bought likes look like earned ones and nobody is ranked.",
        "lacks_comments_do": "Export the comments of each post, or rank for review by the rest: --without engagement_quality.",
        "lacks_day": "Nothing says on which day the figures were read, so nobody is shortlisted.",
        "lacks_day_do": "Say it with --read-at, such as --read-at 2026-03-31, or as as_of in the brief.",
    },
    "verdict": {
        "shortlist": "Worth contacting.",
        "review": "Worth a closer look first.",
        "pass": "Better passed over for this brief.",
        "not_judgeable": "Cannot be judged yet.",
        "never": "Not to be booked for this brand.",
        "reaches": "{label} is {value}; the brief asks for at least {mark}.",
        "short": "{label} is {value}; the shortlist asks for at least {mark}.",
        "under": "{label} is {value}; below {mark} creators are passed over.",
        "abstains": "{label} cannot be judged.",
        "private": "The account is private and shows no posts.",
        "no_posts": "There are no posts.",
        "no_texts": "No post has a text, so nobody knows what they are about.",
        "too_old": "The newest post, of {newest}, was {days} days old on {read}; at most {limit} are allowed.",
    },
}  # fmt: skip


def leaning(share: float) -> str:
    """Which sentence says how far the score follows a head. share : of the score that the head counts for, in [0, 1]."""
    return "moves_little" if share < 0.2 else "moves_some" if share < 0.5 else "moves_most"


def say(head: str, key: str, **places: object) -> str:
    """A sentence of the catalogue with its places filled; what a head has no sentence for, `any` may have.

    Raises KeyError where neither has it or a place is not given.
    """
    sentence = SENTENCES.get(head, {}).get(key)
    if sentence is None:
        sentence = SENTENCES["any"][key]
    text = sentence.format(**places)
    return text[0].upper() + text[1:]
