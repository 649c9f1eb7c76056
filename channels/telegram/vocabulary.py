"""Every field of a Telegram message that is no plain content, sorted by what it means to us."""

# ruff: noqa: SIM905 - word lists read better as running text

ABOUT = frozenset(
    """direct_messages_topic message_thread_id sender_boost_count sender_business_bot sender_tag
    guest_query_id business_connection_id is_topic_message is_automatic_forward external_reply
    reply_to_story reply_to_checklist_task_id reply_to_poll_option_id via_bot
    guest_bot_caller_user guest_bot_caller_chat has_protected_content is_from_offline
    is_paid_post author_signature paid_star_count link_preview_options suggested_post_info
    effect_id show_caption_above_media has_media_spoiler reply_markup receiver_user
    ephemeral_message_id forward_date forward_from forward_from_chat forward_from_message_id
    forward_sender_name forward_signature""".split()
)
"""Facts about a message that are not its content."""

SERVICE = frozenset(
    """new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title
    new_chat_photo delete_chat_photo group_chat_created supergroup_chat_created
    channel_chat_created message_auto_delete_timer_changed migrate_from_chat_id pinned_message
    connected_website write_access_allowed proximity_alert_triggered boost_added
    chat_background_set checklist_tasks_done checklist_tasks_added direct_message_price_changed
    forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened
    general_forum_topic_hidden general_forum_topic_unhidden giveaway_created giveaway_completed
    managed_bot_created paid_message_price_changed poll_option_added poll_option_deleted
    suggested_post_approved suggested_post_approval_failed suggested_post_declined
    suggested_post_paid suggested_post_refunded video_chat_scheduled video_chat_started
    video_chat_ended video_chat_participants_invited community_chat_added
    community_chat_removed community_chat_joined""".split()
)
"""What Telegram itself writes into a chat: nobody said anything."""

UNSUPPORTED = frozenset(
    """checklist dice game gift gift_upgrade_sent giveaway giveaway_winners invoice paid_media
    passport_data poll refunded_payment rich_message story successful_payment unique_gift
    user_shared users_shared chat_shared web_app_data""".split()
)
"""Content we can't show; it keeps its place with a text that names it."""
